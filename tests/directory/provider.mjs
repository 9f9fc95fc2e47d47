// A real OpenID Connect provider for the tests: `node provider.mjs PORT REDIRECT_URI [SECONDS OF AN ACCESS TOKEN] [LOGOUT URI]`.
// Whoever signs in is who they say.
import { Provider } from "oidc-provider";

const [port, redirectUri, seconds, leftThere] = process.argv.slice(2);
const leftUri = new URL("/a-bientot/", redirectUri).href;
const issuer = `http://127.0.0.1:${port}`;
const claimsOf = (login) => ({
  sub: login,
  email: login.split("+")[0],
  email_verified: !login.endsWith("+unverified"),
});
const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "nomade",
      client_secret: "secret-of-the-tests",
      redirect_uris: [redirectUri],
      post_logout_redirect_uris: [leftUri],
      // Where the provider tells us itself that somebody left, if a test listens.
      ...(leftThere && { backchannel_logout_uri: leftThere, backchannel_logout_session_required: true }),
      response_types: ["code"],
      grant_types: ["authorization_code", "refresh_token"],
    },
  ],
  cookies: { keys: ["tests"] },
  features: { backchannelLogout: { enabled: true } },
  // It never calls loopback by itself; the tests live there.
  fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
  claims: { openid: ["sub"], email: ["email", "email_verified"], acr: null },
  pkce: { required: () => true },
  conformIdTokenClaims: false,
  issueRefreshToken: async () => true,
  rotateRefreshToken: true,
  ttl: { AccessToken: Number(seconds ?? 3600) },
  findAccount: (_context, login) => ({ accountId: login, claims: () => claimsOf(login) }),
});
provider.listen(Number(port), "127.0.0.1", () => process.stdout.write("ready\n"));
