import { linesOf } from "#components/ui/lines.ts";
import { numberOf, type ReadForm, readForm, textOf } from "#components/ui/read-form.ts";
import {
  type Pop3Route,
  type Route,
  routeSchema,
  type SenderNotices,
  type Target,
} from "#core/contract/policy-document.ts";
import type { RouteTls } from "#core/contract/tls.ts";
import { followingPort, usualPort } from "#core/contract/usual-port.ts";

/** A server as the form holds it. */
export type TargetDraft = { key: number; host: string; port: string; priority: string; weight: string };

/** A route as its editor holds it: numbers as typed, empty for the default; what the other protocol has stays, and is not read. */
export type RouteDraft = {
  protocol: Route["protocol"];
  name: string;
  lookup: string;
  targets: TargetDraft[];
  delivery: string;
  spoolOn: string;
  retrySchedule: string;
  nullSenderHours: string;
  concurrencyMax: string;
  messagesPerMinute: string;
  /** The route that brings reports to senders; empty: there are none. */
  noticesRoute: string;
  noticesFrom: string;
  /** As typed; empty: never. */
  noticesDelayedAfter: string;
  noticesKeepDays: string;
  connectTimeoutMs: string;
  replyTimeoutMs: string;
  tlsMode: string;
  tlsVerify: string;
  tlsServerName: string;
  tlsFingerprints: string;
  credential: string;
  heloName: string;
  sourceAddress: string;
  healthCheckMs: string;
  /** Names of credentials, in the order chosen; none: no bridge. */
  bridgeCredentials: string[];
  bridgeOthers: string;
};

export const emptyTarget = { host: "", port: "", priority: "", weight: "" };

export function newRoute(protocol: Route["protocol"]): RouteDraft {
  return {
    protocol,
    name: "",
    lookup: "targets",
    targets: [{ ...emptyTarget, key: 0, port: String(usualPort(protocol, "")) }],
    delivery: protocol === "smtp" ? "inline-or-spool" : "inline",
    spoolOn: "down",
    retrySchedule: "",
    nullSenderHours: "",
    concurrencyMax: "",
    messagesPerMinute: "",
    ...noticesFields(undefined),
    connectTimeoutMs: "",
    replyTimeoutMs: "",
    ...tlsFields(undefined),
    credential: "",
    heloName: "",
    sourceAddress: "",
    healthCheckMs: "",
    ...bridgeFields(undefined),
  };
}

/** Another TLS mode; ports that were the old one's usual become the new one's. */
export function withTlsMode({ protocol, targets, tlsMode: before }: RouteDraft, tlsMode: string): Partial<RouteDraft> {
  const followed = (target: TargetDraft) => ({
    ...target,
    port: followingPort(protocol, target.port, before, tlsMode),
  });
  return { tlsMode, targets: targets.map(followed) };
}

/** A route as the editor shows it. */
export function routeDraftOf(route: Route): RouteDraft {
  const shared = {
    ...newRoute(route.protocol),
    name: route.name,
    connectTimeoutMs: String(route.connectTimeoutMs),
    replyTimeoutMs: String(route.replyTimeoutMs),
    targets: route.targets.map(targetDraftOf),
    ...tlsFields(route.tls),
    sourceAddress: route.sourceAddress ?? "",
    healthCheckMs: route.healthCheckMs === undefined ? "" : String(route.healthCheckMs),
  };
  if (route.protocol === "pop3") return { ...shared, ...bridgeFields(route.bridge) };
  return {
    ...shared,
    lookup: route.lookup,
    delivery: route.delivery,
    spoolOn: route.spoolOn,
    retrySchedule: route.retrySchedule,
    nullSenderHours: String(route.nullSenderHours),
    concurrencyMax: String(route.concurrencyMax ?? ""),
    messagesPerMinute: String(route.messagesPerMinute ?? ""),
    ...noticesFields(route.senderNotices),
    credential: route.credential ?? "",
    heloName: route.heloName ?? "",
  };
}

/** The route of the fields, or what is wrong with which of them. */
export function readRouteDraft(draft: RouteDraft): ReadForm<Route> {
  return readForm(routeSchema, draft.protocol === "smtp" ? smtpInput(draft) : pop3Input(draft));
}

function sharedInput(draft: RouteDraft) {
  return {
    protocol: draft.protocol,
    name: draft.name.trim(),
    targets: draft.targets.map(targetInput),
    connectTimeoutMs: numberOf(draft.connectTimeoutMs),
    replyTimeoutMs: numberOf(draft.replyTimeoutMs),
    tls: tlsInput(draft),
    sourceAddress: textOf(draft.sourceAddress),
    healthCheckMs: numberOf(draft.healthCheckMs),
  };
}

function pop3Input(draft: RouteDraft) {
  const { bridgeCredentials: credentials, bridgeOthers: others } = draft;
  return { ...sharedInput(draft), ...(credentials.length === 0 ? {} : { bridge: { credentials, others } }) };
}

function smtpInput(draft: RouteDraft) {
  const shared = sharedInput(draft);
  return {
    ...shared,
    lookup: draft.lookup,
    targets: draft.lookup === "mx" ? [] : shared.targets,
    delivery: draft.delivery,
    ...(draft.delivery === "inline-or-spool" ? { spoolOn: draft.spoolOn } : {}),
    retrySchedule: textOf(draft.retrySchedule),
    nullSenderHours: numberOf(draft.nullSenderHours),
    concurrencyMax: numberOf(draft.concurrencyMax),
    messagesPerMinute: numberOf(draft.messagesPerMinute),
    ...(draft.noticesRoute === "" ? {} : { senderNotices: noticesInput(draft) }),
    credential: textOf(draft.credential),
    heloName: textOf(draft.heloName),
  };
}

function targetDraftOf({ host, port, priority, weight }: Target, key: number): TargetDraft {
  return { key, host, port: String(port), priority: String(priority), weight: String(weight) };
}

function targetInput({ host, port, priority, weight }: TargetDraft) {
  return { host: host.trim(), port: numberOf(port), priority: numberOf(priority), weight: numberOf(weight) };
}

function tlsFields(tls: RouteTls | undefined) {
  return {
    tlsMode: tls?.mode ?? "",
    tlsVerify: tls?.verify ?? "ca",
    tlsServerName: tls?.serverName ?? "",
    tlsFingerprints: tls?.fingerprints.join("\n") ?? "",
  };
}

function bridgeFields(bridge: Pop3Route["bridge"]): Pick<RouteDraft, "bridgeCredentials" | "bridgeOthers"> {
  return { bridgeCredentials: bridge?.credentials ?? [], bridgeOthers: bridge?.others ?? "pass" };
}

function noticesFields(notices: SenderNotices | undefined) {
  return {
    noticesRoute: notices?.route ?? "",
    noticesFrom: notices?.from ?? "",
    noticesDelayedAfter: notices?.delayedAfter ?? "4h,24h",
    noticesKeepDays: notices === undefined ? "" : String(notices.keepDays),
  };
}

function noticesInput({ noticesRoute, noticesFrom, noticesDelayedAfter, noticesKeepDays }: RouteDraft) {
  return {
    route: noticesRoute,
    from: textOf(noticesFrom),
    delayedAfter: noticesDelayedAfter.trim(),
    keepDays: numberOf(noticesKeepDays),
  };
}

/** A route that says nothing of TLS has no object. What the mode does not ask for is left out, so that it cannot be wrong unseen. */
function tlsInput({ tlsMode, tlsVerify, tlsServerName, tlsFingerprints }: RouteDraft) {
  if (tlsMode === "") return undefined;
  if (tlsMode === "none") return { mode: tlsMode };
  const verified = tlsMode === "required" || tlsMode === "implicit";
  return {
    mode: tlsMode,
    ...(verified ? { verify: tlsVerify } : {}),
    serverName: textOf(tlsServerName),
    ...(verified && tlsVerify === "fingerprint" ? { fingerprints: linesOf(tlsFingerprints) } : {}),
  };
}
