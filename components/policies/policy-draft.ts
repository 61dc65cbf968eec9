import { linesOf } from "#components/ui/lines.ts";
import { numberOf, type ReadForm, readForm, textOf } from "#components/ui/read-form.ts";
import { type Policy, policySchema } from "#core/contract/policy-document.ts";
import type { Schedule } from "#core/contract/schedule.ts";
import { followingPort, usualPort } from "#core/contract/usual-port.ts";
import { checkNetworks } from "#core/policy/problem-report.ts";
import { type LoginRoutesDraft, loginRoutesDraftOf, loginRoutesInput, noLoginRoutes } from "./login-route-draft.ts";
import { type TextTestDraft, testDraftOf, testInput } from "./text-test-draft.ts";

/** A listener as the form holds it. */
export type ListenerDraft = {
  key: number;
  address: string;
  port: string;
  tlsMode: string;
  certificates: string[];
  profile: string;
  proxyProtocolFrom: string;
};
/** Another route for some recipient domains. */
export type DomainRouteDraft = TextTestDraft & { key: number; route: string };
export type WindowDraft = { key: number; days: Schedule["windows"][number]["days"]; from: string; to: string };

/** A policy as its editor holds it. What the choices hide stays, and is not read. */
export type PolicyDraft = LoginRoutesDraft & {
  protocol: Policy["protocol"];
  name: string;
  enabled: boolean;
  fromInterface: string;
  sources: string;
  sourceLists: string[];
  toInterface: string;
  route: string;
  routes: DomainRouteDraft[];
  listen: ListenerDraft[];
  scheduled: boolean;
  timeZone: string;
  windows: WindowDraft[];
  disposition: string;
  proxyAction: string;
};

export function newListener(protocol: Policy["protocol"], key: number): ListenerDraft {
  const port = String(usualPort(protocol, "none"));
  return { key, address: "", port, tlsMode: "none", certificates: [], profile: "intermediate", proxyProtocolFrom: "" };
}

/** Another TLS mode; a usual port becomes the new mode's, and the only certificate that there is is chosen. */
export function withListenerTls(
  protocol: Policy["protocol"],
  { port, tlsMode: before, certificates }: ListenerDraft,
  tlsMode: string,
  known: readonly string[],
): Partial<ListenerDraft> {
  return {
    tlsMode,
    port: followingPort(protocol, port, before, tlsMode),
    certificates: certificates.length === 0 && known.length === 1 ? [...known] : certificates,
  };
}

export function newWindow(key: number): WindowDraft {
  return { key, days: ["mon", "tue", "wed", "thu", "fri"], from: "08:00", to: "18:00" };
}

type Choosable = readonly { name: string; protocol: Policy["protocol"] }[];

/** An empty policy; what there is only one of is already chosen. */
export function newPolicy(
  protocol: Policy["protocol"],
  { routes, proxyActions }: { routes: Choosable; proxyActions: Choosable },
): PolicyDraft {
  const only = (choices: Choosable) => {
    const [first, ...others] = choices.filter((choice) => choice.protocol === protocol);
    return others.length === 0 ? (first?.name ?? "") : "";
  };
  return {
    protocol,
    name: "",
    enabled: true,
    fromInterface: "",
    sources: "",
    sourceLists: [],
    toInterface: "",
    route: only(routes),
    routes: [],
    ...noLoginRoutes,
    listen: [newListener(protocol, 0)],
    scheduled: false,
    timeZone: "",
    windows: [newWindow(0)],
    disposition: "allow",
    proxyAction: only(proxyActions),
  };
}

/** A policy as the editor shows it. */
export function policyDraftOf(policy: Policy): PolicyDraft {
  const { protocol, name, enabled, from, to, schedule, disposition, proxyAction } = policy;
  return {
    protocol,
    name,
    enabled,
    fromInterface: from.interface,
    sources: from.sources.join("\n"),
    sourceLists: from.sourceLists,
    toInterface: to.interface,
    route: to.route,
    routes: to.routes.map(({ recipientDomain, route }, key) => ({ key, ...testDraftOf(recipientDomain), route })),
    ...loginRoutesDraftOf(to),
    listen: policy.listen.map(listenerDraftOf),
    scheduled: schedule !== undefined,
    timeZone: schedule?.timeZone ?? "",
    windows: schedule?.windows.map((window, key) => ({ ...window, key })) ?? [newWindow(0)],
    disposition,
    proxyAction,
  };
}

/** The policy of the fields, or what is wrong with which of them. */
export function readPolicyDraft(draft: PolicyDraft): ReadForm<Policy> {
  const sources = linesOf(draft.sources);
  const read = readForm(policySchema, {
    name: draft.name.trim(),
    protocol: draft.protocol,
    enabled: draft.enabled,
    from: { interface: draft.fromInterface, sources, sourceLists: draft.sourceLists },
    to: {
      interface: draft.toInterface,
      route: draft.route,
      ...(draft.protocol === "smtp" ? { routes: draft.routes.map(domainRouteInput) } : loginRoutesInput(draft)),
    },
    schedule: draft.scheduled ? scheduleInput(draft) : undefined,
    disposition: draft.disposition,
    listen: draft.listen.map(listenerInput),
    proxyAction: draft.proxyAction,
  });
  const problems: Record<string, string> = read.ok ? {} : { ...read.problems };
  const report: Parameters<typeof checkNetworks>[2] = (path, _, message) => {
    problems[path.join(".")] = message;
  };
  checkNetworks(sources, ["from", "sources"], report);
  draft.listen.forEach(({ proxyProtocolFrom }, index) => {
    checkNetworks(linesOf(proxyProtocolFrom), ["listen", index, "proxyProtocolFrom"], report);
  });
  return read.ok && Object.keys(problems).length === 0 ? read : { ok: false, problems };
}

function domainRouteInput({ route, ...test }: DomainRouteDraft) {
  return { recipientDomain: testInput(test), route };
}

function listenerDraftOf(
  { address, port, tls, proxyProtocolFrom }: Policy["listen"][number],
  key: number,
): ListenerDraft {
  return {
    key,
    address,
    port: String(port),
    tlsMode: tls?.mode ?? "none",
    certificates: tls?.certificates ?? [],
    profile: tls?.profile ?? "intermediate",
    proxyProtocolFrom: proxyProtocolFrom.join("\n"),
  };
}

function listenerInput({ address, port, tlsMode, certificates, profile, proxyProtocolFrom }: ListenerDraft) {
  return {
    address: textOf(address),
    port: numberOf(port),
    ...(tlsMode === "none" ? {} : { tls: { mode: tlsMode, certificates, profile } }),
    proxyProtocolFrom: linesOf(proxyProtocolFrom),
  };
}

function scheduleInput({ timeZone, windows }: PolicyDraft) {
  return { timeZone: timeZone.trim(), windows: windows.map(({ days, from, to }) => ({ days, from, to })) };
}
