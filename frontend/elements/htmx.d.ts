// htmx.org declares its own global types; only what we call is named here.
declare module "htmx.org" {
  const htmx: { process(element: Element): void; version: string };
  export default htmx;
}
