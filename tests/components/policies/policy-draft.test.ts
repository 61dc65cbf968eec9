import { describe, expect, it } from "vitest";
import {
  newListener,
  newPolicy,
  policyDraftOf,
  readPolicyDraft,
  withListenerTls,
} from "#components/policies/policy-draft.ts";
import { type Policy, policySchema } from "#core/contract/policy-document.ts";

const full: Policy = policySchema.parse({
  name: "In",
  protocol: "smtp",
  enabled: false,
  from: { interface: "External", sources: ["192.0.2.0/24", "2001:db8::/32"], sourceLists: ["partners"] },
  to: {
    interface: "Trusted",
    route: "inside",
    routes: [
      { recipientDomain: { is: "a.test" }, route: "a" },
      { recipientDomain: { in: ["b.test", "c.test"] }, route: "b" },
      { recipientDomain: { inList: "branches" }, route: "b" },
    ],
  },
  schedule: { timeZone: "Europe/Berlin", windows: [{ days: ["mon"], from: "22:00", to: "06:00" }] },
  disposition: "refuse-521",
  listen: [
    { address: "0.0.0.0", port: 25, tls: { mode: "allowed", certificates: ["mx", "old"], profile: "modern" } },
    { address: "::1", port: 2525, proxyProtocolFrom: ["10.0.0.0/8"] },
  ],
  proxyAction: "Mail in",
});
const mailboxes: Policy = policySchema.parse({
  name: "Mailboxes",
  protocol: "pop3",
  from: { interface: "External" },
  to: {
    interface: "Trusted",
    route: "inside",
    userRoutes: [
      { user: { in: ["anna@a.test", "ben"] }, domain: { like: "*.test" }, route: "a" },
      { domain: { is: "" }, route: "b" },
      { user: { inList: "branches" }, route: "b" },
    ],
    serverChoice: { separator: "#", servers: [{ server: "pop.a.test", route: "a" }] },
  },
  listen: [
    { address: "0.0.0.0", port: 110, tls: { mode: "required", certificates: ["pop"] } },
    { address: "0.0.0.0", port: 995, tls: { mode: "implicit", certificates: ["pop"], profile: "modern" } },
  ],
  proxyAction: "Mailboxes",
});
const fetch: Policy = policySchema.parse({
  name: "Fetch",
  protocol: "pop3",
  from: { interface: "Trusted" },
  to: { interface: "External", route: "mailbox" },
  listen: [{ address: "127.0.0.1", port: 110 }],
  proxyAction: "Mail fetch",
});

describe("the form of a policy", () => {
  it.each([full, fetch, mailboxes])("gives back $name as it was", (policy) => {
    expect(readPolicyDraft(policyDraftOf(policy))).toEqual({ ok: true, value: policy });
  });

  it("begins with what there is only one of", () => {
    const routes = [
      { name: "inside", protocol: "smtp" as const },
      { name: "mailbox", protocol: "pop3" as const },
    ];
    const proxyActions = [...routes, { name: "strict", protocol: "smtp" as const }];
    expect(newPolicy("smtp", { routes, proxyActions })).toMatchObject({ route: "inside", proxyAction: "" });
  });

  it("does not read servers to choose while clients may not choose", () => {
    const read = readPolicyDraft({ ...policyDraftOf(mailboxes), choosesServer: false });
    expect(read.ok && read.value.to).not.toHaveProperty("serverChoice");
  });

  it("says of a route by user that is for nobody, and of a server without a name or route, what is missing", () => {
    const draft = {
      ...policyDraftOf(mailboxes),
      userRoutes: [{ key: 0, user: { test: "", value: "" }, domain: { test: "", value: "" }, route: "a" }],
      servers: [{ key: 0, server: "", route: "" }],
    };
    expect(readPolicyDraft(draft)).toEqual({
      ok: false,
      problems: {
        "to.userRoutes.0": "say which users: user, domain or both",
        "to.serverChoice.servers.0.server": "This is needed.",
        "to.serverChoice.servers.0.route": "This is needed.",
      },
    });
  });

  it("makes a usual port that of the TLS mode, and leaves every other one", () => {
    const port = (given: string, before: string, after: string) =>
      withListenerTls("pop3", { ...newListener("pop3", 0), port: given, tlsMode: before }, after, []).port;
    expect(port("110", "none", "implicit")).toBe("995");
    expect(port("995", "implicit", "required")).toBe("110");
    expect(port("2110", "none", "implicit")).toBe("2110");
  });

  it("chooses the only certificate that there is once TLS is spoken, and never takes one away", () => {
    const chosen = (certificates: string[], known: string[]) =>
      withListenerTls("pop3", { ...newListener("pop3", 0), certificates }, "required", known).certificates;
    expect(chosen([], ["pop"])).toEqual(["pop"]);
    expect(chosen([], ["mx", "pop"])).toEqual([]);
    expect(chosen(["old"], ["pop"])).toEqual(["old"]);
  });

  it("says at each field what is missing or wrong", () => {
    const empty = newPolicy("smtp", { routes: [], proxyActions: [] });
    const [listener] = empty.listen;
    const draft = {
      ...empty,
      sources: "192.0.2.0/99",
      routes: [{ key: 0, test: "in", value: " ", route: "a" }],
      scheduled: true,
      timeZone: "Mars/Olympus",
      windows: [{ key: 0, days: [], from: "8", to: "18:00" }],
      listen: listener === undefined ? [] : [{ ...listener, port: "0", tlsMode: "required", proxyProtocolFrom: "x" }],
    };
    const read = readPolicyDraft(draft);
    expect(read).toEqual({
      ok: false,
      problems: {
        name: "This is needed.",
        "from.interface": "This is needed.",
        "from.sources.0": '"192.0.2.0/99" is no network: write 192.0.2.0/24, 2001:db8::/32 or one address',
        "to.interface": "This is needed.",
        "to.route": "This is needed.",
        "to.routes.0.recipientDomain.in": "This is needed.",
        "schedule.timeZone": "a time zone is an IANA name, for example Europe/Berlin",
        "schedule.windows.0.days": "Name at least 1.",
        "schedule.windows.0.from": "write a time as 08:00; the end of the day is 24:00",
        "listen.0.address": "This is needed.",
        "listen.0.port": "At least 1.",
        "listen.0.tls.certificates": "name at least one of the worker's certificates",
        "listen.0.proxyProtocolFrom.0": '"x" is no network: write 192.0.2.0/24, 2001:db8::/32 or one address',
        proxyAction: "This is needed.",
      },
    });
  });
});
