import { describe, expect, it } from "vitest";
import { type Problem, policyDocumentSchema } from "#core/contract/policy-document.ts";
import { type CompileResult, compilePolicy } from "#core/policy/compile.ts";
import { type CompiledLoginRoutes, domainOfUser } from "#core/policy/compile-logins.ts";

type To = { userRoutes?: unknown[]; serverChoice?: unknown };

function compile(to: To, protocol: "smtp" | "pop3" = "pop3"): CompileResult {
  const targets = [{ host: "127.0.0.1", port: 110 }];
  return compilePolicy(
    policyDocumentSchema.parse({
      version: 1,
      interfaces: [{ name: "External", zone: "external" }],
      lists: [
        { name: "branches", kind: "domains", entries: ["north.test", ".north.test"] },
        { name: "people", kind: "addresses", entries: ["Bob@south.test", "@west.test"] },
        { name: "nets", kind: "networks", entries: ["192.0.2.0/24"] },
      ],
      routes: [
        ...["usual", "north", "people"].map((name) => ({ name, protocol: "pop3", targets })),
        { name: "mail", protocol: "smtp", targets },
      ],
      proxyActions: [{ name: "act", protocol, direction: "incoming" }],
      policies: [
        {
          name: "In",
          protocol,
          from: { interface: "External" },
          to: { interface: "External", route: protocol === "smtp" ? "mail" : "usual", ...to },
          listen: [{ address: "127.0.0.1", port: 2110 }],
          proxyAction: "act",
        },
      ],
    }),
  );
}

function loginsOf(to: To): CompiledLoginRoutes {
  const result = compile(to);
  const policy = result.ok ? result.policy.listeners[0]?.policies[0] : undefined;
  if (policy === undefined) throw new Error(JSON.stringify(result));
  return policy.logins;
}

/** `route user`, or why not. */
function goesTo(to: To, login: string): string {
  const found = loginsOf(to).routeOf(login);
  return found === null ? "nowhere" : `${found.route.name} ${found.user}`;
}

function problems(to: To, protocol?: "smtp"): Problem[] {
  const result = compile(to, protocol);
  return result.ok ? [] : result.problems;
}

const userRoutes = [
  { user: { like: "admin*" }, domain: { inList: "branches" }, route: "people" },
  { domain: { inList: "branches" }, route: "north" },
  { user: { inList: "people" }, route: "people" },
  { user: { pattern: "^[0-9]+$" }, domain: { is: "" }, route: "people" },
];
const servers = [
  { server: "pop.north.test", route: "north" },
  { server: "POP.South.test", route: "people" },
];

describe("the route of a login", () => {
  it("is the policy's own where it names no others, and is known before the login", () => {
    expect(goesTo({}, "anna@north.test%pop.north.test")).toBe("usual anna@north.test%pop.north.test");
    expect(loginsOf({}).routes.map(({ name }) => name)).toEqual(["usual"]);
  });

  it.each([
    ["anna@north.test", "north", "by domain"],
    ["anna@SUB.North.test", "north", "whatever the case"],
    ["admin2@north.test", "people", "by the first that fits both name and domain"],
    ["admin2@east.test", "usual", "not by the name alone where the domain is asked for, too"],
    ["BOB@South.test", "people", "by a list of addresses"],
    ["anyone@west.test", "people", "by a list that takes a domain"],
    ["4711", "people", "by a pattern, without a domain"],
    ["4711@east.test", "usual", "with a domain that is not empty"],
    ["odd@name@north.test", "north", "by what stands behind the last @"],
    ["north.test", "usual", "a name that looks like a domain has none"],
    ["anna@north.test@", "usual", "an empty domain is none"],
    ["", "usual", "a name that is empty"],
  ])("%s goes to %s: %s", (login, route) => {
    expect(goesTo({ userRoutes }, login)).toBe(`${route} ${login}`);
  });

  it("can be any of those that the policy names, each told once, the usual one first", () => {
    const { routes } = loginsOf({ userRoutes, serverChoice: { servers } });
    expect(routes.map(({ name }) => name)).toEqual(["usual", "people", "north"]);
    expect(loginsOf({ userRoutes: [{ domain: { is: "x" }, route: "usual" }] }).routes).toHaveLength(1);
  });
});

describe("a server that the client names behind the user", () => {
  const to = { userRoutes, serverChoice: { servers } };
  it.each([
    ["anna%pop.north.test", "north anna"],
    ["anna%POP.NORTH.TEST", "north anna"],
    ["anna%pop.south.test", "people anna"],
    ["anna@north.test%pop.south.test", "people anna@north.test"],
    ["anna%pop.south.test%pop.north.test", "north anna%pop.south.test"],
    ["anna%elsewhere.test", "nowhere"],
    ["anna%", "nowhere"],
    ["%pop.north.test", "nowhere"],
    ["%", "nowhere"],
    ["anna%pop.north.test%", "nowhere"],
    ["anna%pop.north.test@north.test", "nowhere"],
    // U+212A, whose lower case is k: not another spelling of a server.
    ["anna%pop.\u212aorth.test", "nowhere"],
    ["anna@north.test", "north anna@north.test"],
    ["anna@east.test", "usual anna@east.test"],
  ])("%s goes to %s", (login, route) => {
    expect(goesTo(to, login)).toBe(route);
  });

  it("stands behind the separator of the policy, and no other", () => {
    const choice = { serverChoice: { separator: "#", servers } };
    expect(goesTo(choice, "anna%x#pop.north.test")).toBe("north anna%x");
    expect(goesTo(choice, "anna%pop.north.test")).toBe("usual anna%pop.north.test");
  });
});

describe("routes of logins in a document", () => {
  const at = ["policies", 0, "to"];
  it.each<[To, string, (string | number)[]]>([
    [{ userRoutes: [{ user: { is: "a" }, route: "gone" }] }, "unknown-name", ["userRoutes", 0, "route"]],
    [{ userRoutes: [{ user: { is: "a" }, route: "mail" }] }, "wrong-kind", ["userRoutes", 0, "route"]],
    [
      { userRoutes: [{ user: { inList: "gone" }, route: "north" }] },
      "unknown-name",
      ["userRoutes", 0, "user", "inList"],
    ],
    [
      { userRoutes: [{ domain: { inList: "nets" }, route: "north" }] },
      "wrong-kind",
      ["userRoutes", 0, "domain", "inList"],
    ],
    [{ userRoutes: [{ user: { pattern: "(" }, route: "north" }] }, "bad-pattern", ["userRoutes", 0, "user", "pattern"]],
    [
      { serverChoice: { servers: [{ server: "a.test", route: "gone" }] } },
      "unknown-name",
      ["serverChoice", "servers", 0, "route"],
    ],
    [
      { serverChoice: { servers: [{ server: "a.test", route: "mail" }] } },
      "wrong-kind",
      ["serverChoice", "servers", 0, "route"],
    ],
    [
      {
        serverChoice: {
          servers: [
            { server: "a.test", route: "north" },
            { server: "A.TEST", route: "people" },
          ],
        },
      },
      "duplicate-name",
      ["serverChoice", "servers", 1, "server"],
    ],
  ])("%j is refused, and where", (to, code, place) => {
    expect(problems(to)).toMatchObject([{ code, path: [...at, ...place] }]);
  });

  it("are for POP3 only", () => {
    expect(problems({ userRoutes: [{ user: { is: "a" }, route: "north" }] }, "smtp")).toMatchObject([
      { code: "illegal", path: [...at, "userRoutes"] },
    ]);
    expect(problems({ serverChoice: { servers } }, "smtp")).toMatchObject([
      { code: "illegal", path: [...at, "serverChoice"] },
    ]);
  });

  it("say which users they are for", () => {
    expect(() => compile({ userRoutes: [{ route: "north" }] })).toThrow("say which users");
  });
});

describe("the domain of a user", () => {
  it.each([
    ["anna", ""],
    ["anna@a.test", "a.test"],
    ["a@b@c.test", "c.test"],
    ["anna@", ""],
  ])("of %s is %j", (user, domain) => {
    expect(domainOfUser(user)).toBe(domain);
  });
});
