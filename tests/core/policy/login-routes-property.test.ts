import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TextTest } from "#core/contract/condition.ts";
import { type Policy, type PolicyDocument, policyDocumentSchema } from "#core/contract/policy-document.ts";
import { compilePolicy } from "#core/policy/compile.ts";
import { lintDocument } from "#core/policy/lint/lint-document.ts";

const lists = [
  { name: "domains", kind: "domains", entries: ["a.test", ".B.test"] },
  { name: "people", kind: "addresses", entries: ["X@a.test", "@c.test"] },
  { name: "shapes", kind: "patterns", entries: ["x*", "?@*.test"] },
] as const;

// A small world, in which tests often meet the logins that are tried.
const local = fc.constantFrom("x", "X", "xy", "y", "y%x", "x#y", "", "K", "\u212a");
const domain = fc.constantFrom("a.test", "A.TEST", "b.test", "s.b.test", "c.test", "", "test");
const user = fc.oneof(
  local,
  fc.tuple(local, domain).map((parts) => parts.join("@")),
  fc.tuple(local, domain, domain).map((parts) => parts.join("@")),
);
const server = fc.constantFrom("a.test", "B.test", "k.test", "s.b.test");
const separator = fc.constantFrom("%", "#", "!", "|");
const login = fc.oneof(
  user,
  fc
    .tuple(user, separator, fc.oneof(server, domain, fc.constantFrom("\u212a.test", "S.B.TEST")))
    .map((parts) => parts.join("")),
  fc.tuple(user, separator, user, separator, server).map((parts) => parts.join("")),
);
const textTest = fc.oneof(
  fc.record({ is: fc.oneof(user, domain) }),
  fc.record({
    in: fc.array(
      fc.oneof(user, domain).filter((value) => value !== ""),
      { minLength: 1, maxLength: 3 },
    ),
  }),
  fc.record({ like: fc.constantFrom("*", "x*", "*@a.test", "*.test", "?", "*b*", "x@*") }),
  fc.record({ pattern: fc.constantFrom("^x", "test$", "^$", "@.*@", "^.y?$") }),
  fc.record({ inList: fc.constantFrom(...lists.map(({ name }) => name)) }),
);
const route = fc.constantFrom("usual", "first", "second", "third");
const to = fc.record(
  {
    userRoutes: fc.array(
      fc.oneof(
        fc.record({ user: textTest, route }),
        fc.record({ domain: textTest, route }),
        fc.record({ user: textTest, domain: textTest, route }),
      ),
      { maxLength: 5 },
    ),
    serverChoice: fc.record({
      separator,
      servers: fc.uniqueArray(fc.record({ server, route }), {
        minLength: 1,
        maxLength: 4,
        selector: (one) => one.server,
      }),
    }),
  },
  { requiredKeys: ["userRoutes"] },
);

function documentOf(place: object): PolicyDocument {
  return policyDocumentSchema.parse({
    version: 1,
    interfaces: [{ name: "Trusted", zone: "trusted" }],
    lists,
    routes: ["usual", "first", "second", "third"].map((name) => ({
      name,
      protocol: "pop3",
      targets: [{ host: `${name}.test`, port: 110 }],
    })),
    proxyActions: [{ name: "Fetch", protocol: "pop3", direction: "outgoing" }],
    policies: [
      {
        name: "Fetch",
        protocol: "pop3",
        from: { interface: "Trusted" },
        to: { interface: "Trusted", route: "usual", ...place },
        listen: [{ address: "127.0.0.1", port: 2110 }],
        proxyAction: "Fetch",
      },
    ],
  });
}

const folded = (text: string) => [...text].map((one) => (/[A-Z]/.test(one) ? one.toLowerCase() : one)).join("");

/** What the document says, read aloud and without any of the compiler's parts. */
function readSlowly({ serverChoice, userRoutes, route: usual }: Policy["to"], name: string): string | null {
  if (serverChoice !== undefined && name.includes(serverChoice.separator)) {
    for (const { server: host, route: there } of serverChoice.servers) {
      const end = `${serverChoice.separator}${host}`;
      if (!folded(name).endsWith(folded(end))) continue;
      const before = name.slice(0, name.length - end.length);
      return before === "" ? null : `${there} ${before}`;
    }
    return null;
  }
  for (const one of userRoutes) {
    const parts = name.split("@");
    const behind = parts.length === 1 ? "" : (parts.at(-1) ?? "");
    if (passes(one.user, name) && passes(one.domain, behind)) return `${one.route} ${name}`;
  }
  return `${usual} ${name}`;
}

function passes(test: TextTest | undefined, value: string): boolean {
  if (test === undefined) return true;
  const text = folded(value);
  if (test.is !== undefined) return folded(test.is) === text;
  if (test.in !== undefined) return test.in.some((entry) => folded(entry) === text);
  if (test.like !== undefined) return wildcard(test.like).test(text);
  if (test.pattern !== undefined) return new RegExp(test.pattern, "u").test(text);
  return listed(test.inList ?? "", text);
}

function wildcard(pattern: string): RegExp {
  const source = folded(pattern).replaceAll(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${source.replaceAll("*", ".*").replaceAll("?", ".")}$`, "su");
}

function listed(name: string, text: string): boolean {
  switch (name) {
    case "domains":
      return text === "a.test" || text.endsWith(".b.test");
    case "people":
      return text === "x@a.test" || text.endsWith("@c.test");
    default:
      return text.startsWith("x") || /^.@.*\.test$/u.test(text);
  }
}

describe("any POP3 policy and any login", () => {
  it("go where the document says, read slowly", () => {
    fc.assert(
      fc.property(to, fc.array(login, { minLength: 5, maxLength: 20 }), (place, logins) => {
        const document = documentOf(place);
        const compiled = compilePolicy(document);
        const policy = compiled.ok ? compiled.policy.listeners[0]?.policies[0] : undefined;
        const written = document.policies[0];
        if (policy === undefined || written === undefined) throw new Error(JSON.stringify(compiled));
        for (const name of logins) {
          const found = policy.logins.routeOf(name);
          const words = found === null ? null : `${found.route.name} ${found.user}`;
          expect({ name, words }).toEqual({ name, words: readSlowly(written.to, name) });
          if (found !== null) expect(policy.logins.routes).toContain(found.route);
        }
      }),
      { numRuns: 250 },
    );
  });

  it("never meet on a route by user that the lint calls shadowed", () => {
    fc.assert(
      fc.property(to, fc.array(login, { minLength: 5, maxLength: 20 }), (place, logins) => {
        const document = documentOf({ userRoutes: place.userRoutes });
        const shadowed = lintDocument(document, 0).filter(({ code }) => code === "user-route-shadowed");
        const { userRoutes = [] } = document.policies[0]?.to ?? {};
        for (const { path } of shadowed) {
          const place = Number(path.at(-1));
          const withIt = routeNames(document);
          const without = routeNames(documentOf({ userRoutes: userRoutes.filter((_, n) => n !== place) }));
          const named = userRoutes.flatMap(({ user: test }) => test?.in ?? [test?.is ?? ""]);
          for (const name of [...logins, ...named]) expect(without(name)).toBe(withIt(name));
        }
      }),
      { numRuns: 300 },
    );
  });
});

function routeNames(document: PolicyDocument): (login: string) => string | null {
  const compiled = compilePolicy(document);
  const policy = compiled.ok ? compiled.policy.listeners[0]?.policies[0] : undefined;
  return (name) => policy?.logins.routeOf(name)?.route.name ?? null;
}
