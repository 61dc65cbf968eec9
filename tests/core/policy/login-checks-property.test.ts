import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { policyDocumentSchema } from "#core/contract/policy-document.ts";
import { authMechanisms } from "#core/contract/smtp-settings.ts";
import { checkDocument } from "#core/policy/check-document.ts";

const name = fc.constantFrom("one", "two");
const bridge = fc.option(fc.constantFrom("pass", "refuse"), { nil: undefined });
const parts = fc.record({
  auth: fc.record({
    userPass: fc.boolean(),
    apop: fc.boolean(),
    mechanisms: fc.subarray([...authMechanisms]),
    clearText: fc.constantFrom("where-no-tls", "never", "always"),
  }),
  bridges: fc.tuple(bridge, bridge),
  userRoutes: fc.array(name, { maxLength: 2 }),
  servers: fc.uniqueArray(name, { maxLength: 2 }),
  modes: fc.array(fc.constantFrom("none", "allowed", "required", "implicit"), { minLength: 1, maxLength: 2 }),
});
type Parts = typeof parts extends fc.Arbitrary<infer T> ? T : never;

function documentOf({ auth, bridges, userRoutes, servers, modes }: Parts) {
  return policyDocumentSchema.parse({
    version: 1,
    interfaces: [{ name: "Trusted", zone: "trusted" }],
    routes: ["one", "two"].map((route, n) => ({
      name: route,
      protocol: "pop3",
      targets: [{ host: "127.0.0.1", port: 110 }],
      ...(bridges[n] === undefined ? {} : { bridge: { credentials: [`credential ${n}`], others: bridges[n] } }),
    })),
    proxyActions: [{ name: "Fetch", protocol: "pop3", direction: "outgoing", settings: { auth } }],
    policies: [
      {
        name: "Fetch",
        protocol: "pop3",
        from: { interface: "Trusted" },
        to: {
          interface: "Trusted",
          route: "one",
          userRoutes: userRoutes.map((route) => ({ user: { is: "x" }, route })),
          ...(servers.length === 0
            ? {}
            : { serverChoice: { servers: servers.map((route) => ({ server: `${route}.test`, route })) } }),
        },
        listen: modes.map((mode, n) => ({
          address: "127.0.0.1",
          port: 1000 + n,
          tls: { mode, ...(mode === "none" ? {} : { certificates: ["mail"] }) },
        })),
        proxyAction: "Fetch",
      },
    ],
  });
}

/** Whether somebody can log in at a listener, asked of each kind of login by itself. */
function someoneCan({ auth, bridges, userRoutes, servers }: Parts, mode: string): boolean {
  const used = new Set(["one", ...userRoutes, ...servers]);
  const bridgesUsed = bridges.filter((_, n) => used.has(n === 0 ? "one" : "two"));
  const hangsOnUser = used.size > 1 || servers.length > 0 || bridgesUsed.some((one) => one !== undefined);
  const mayShow = mode !== "none" || auth.clearText !== "never";
  const password = auth.userPass || auth.mechanisms.includes("PLAIN") || auth.mechanisms.includes("LOGIN");
  if (password && mayShow) return true;
  const everyBridgeCloses = bridgesUsed.every((one) => one === "refuse");
  const token = auth.mechanisms.includes("XOAUTH2") || auth.mechanisms.includes("OAUTHBEARER");
  if (token && mayShow && !(bridgesUsed.length > 0 && everyBridgeCloses)) return true;
  if (hangsOnUser) return false;
  const external = auth.mechanisms.includes("EXTERNAL") && mayShow;
  const first = ["PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER", "EXTERNAL"];
  return auth.apop || external || auth.mechanisms.some((mechanism) => !first.includes(mechanism));
}

describe("any POP3 policy", () => {
  it("is refused exactly when there is a listener where nobody can log in", () => {
    fc.assert(
      fc.property(parts, (given) => {
        const refused = checkDocument(documentOf(given)).length > 0;
        expect({ given, refused }).toEqual({ given, refused: !given.modes.every((mode) => someoneCan(given, mode)) });
      }),
      { numRuns: 800 },
    );
  });
});
