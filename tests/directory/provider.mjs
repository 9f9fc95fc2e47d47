// A real OpenID Connect provider for the tests: `node provider.mjs PORT REDIRECT_URI [SECONDS OF AN ACCESS TOKEN]`.
// Whoever signs in is who they say.
import { Provider } from "oidc-provider";

const [port, redirectUri, seconds] = process.argv.slice(2);
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
      response_types: ["code"],
      grant_types: ["authorization_code", "refresh_token"],
    },
  ],
  cookies: { keys: ["tests"] },
  claims: { openid: ["sub"], email: ["email", "email_verified"], acr: null },
  pkce: { required: () => true },
  conformIdTokenClaims: false,
  issueRefreshToken: async () => true,
  rotateRefreshToken: true,
  ttl: { AccessToken: Number(seconds ?? 3600) },
  findAccount: (_context, login) => ({ accountId: login, claims: () => claimsOf(login) }),
});
provider.listen(Number(port), "127.0.0.1", () => process.stdout.write("ready\n"));
