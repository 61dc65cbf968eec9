import fc from "fast-check";
import { stagesByProtocol } from "#core/contract/facts.ts";
import { pop3LimitsSchema, smtpLimitsSchema } from "#core/contract/limits.ts";
import { type PolicyDocument, policyDocumentSchema } from "#core/contract/policy-document.ts";
import { weekDays } from "#core/contract/schedule.ts";
import { authMechanisms, autoBanCauses } from "#core/contract/smtp-settings.ts";
import {
  contentSettingsArbitrary,
  dictionaryArbitrary,
  noticeArbitrary,
  scannerArbitrary,
  senderAuthArbitrary,
} from "./content-arbitrary.ts";
import { policyTestArbitrary } from "./policy-test-arbitrary.ts";
import { pop3SettingsArbitrary, serverChoiceArbitrary, userRoutesArbitrary } from "./pop3-arbitrary.ts";
import { withPossibleLogins } from "./possible-logins.ts";
import { routeArbitrary, withOwnReports } from "./route-arbitrary.ts";
import {
  addressArbitrary,
  domainArbitrary,
  type ListNames,
  listNames,
  nameArbitrary,
  networkArbitrary,
  rulesetArbitrary,
  textTestArbitrary,
} from "./rule-arbitrary.ts";

const networks = fc.array(networkArbitrary, { maxLength: 2 });
const host = fc.domain();
const port = fc.integer({ min: 1, max: 65_535 });

function named<T extends object>(item: fc.Arbitrary<T>, minLength: number): fc.Arbitrary<(T & { name: string })[]> {
  const withName = fc.tuple(nameArbitrary, item).map(([name, rest]) => ({ name, ...rest }));
  return fc.uniqueArray(withName, { minLength, maxLength: minLength + 2, selector: ({ name }) => name });
}

function some(shape: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> {
  return fc.record(shape, { requiredKeys: [] });
}

function subset<T>(values: readonly T[], minLength = 0): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...values], { minLength });
}

const interfaces = named(
  fc.record(
    { zone: fc.constantFrom("external", "trusted", "optional", "custom"), networks },
    { requiredKeys: ["zone"] },
  ),
  1,
);

const listEntries = {
  networks: networkArbitrary,
  domains: domainArbitrary,
  addresses: addressArbitrary,
  patterns: fc.constantFrom("*.exe", "a?c", "*", "- x"),
  words: fc.constantFrom("viagra", "yes", "größe"),
};
const lists = named(
  fc.oneof(
    ...Object.entries(listEntries).map(([kind, entry]) =>
      fc.record(
        {
          kind: fc.constant(kind as keyof typeof listEntries),
          entries: fc.array(entry, { maxLength: 3 }),
          feed: fc.record(
            { url: fc.webUrl({ validSchemes: ["https"] }), everyMinutes: fc.integer({ min: 5, max: 10_080 }) },
            { requiredKeys: ["url"] },
          ),
        },
        { requiredKeys: ["kind", "entries"] },
      ),
    ),
  ),
  0,
);

/** Every limit of a schema, from its least to its greatest value. */
function limits(schema: typeof smtpLimitsSchema | typeof pop3LimitsSchema): fc.Arbitrary<object> {
  const shape = Object.entries(schema.shape).map(([key, limit]) => {
    const { minValue, maxValue } = limit.unwrap();
    return [key, fc.integer({ min: minValue ?? 1, max: maxValue ?? 1 })] as const;
  });
  return some(Object.fromEntries(shape));
}

const listenTls = fc.record(
  {
    mode: fc.constantFrom("none", "allowed", "required", "implicit"),
    certificates: fc.array(nameArbitrary, { minLength: 1, maxLength: 2 }),
    profile: fc.constantFrom("intermediate", "modern"),
  },
  { requiredKeys: ["mode", "certificates"] },
);
function settings(names: ListNames): fc.Arbitrary<object> {
  const onOff = fc.boolean();
  const domainTest = textTestArbitrary(names);
  return some({
    hostName: host,
    banner: fc.constantFrom("ESMTP", "Mail: ESMTP ready", "ESMTP #1"),
    greetingDelayMs: fc.integer({ min: 0, max: 60_000 }),
    hideServerReplies: onOff,
    receivedHeader: fc.constantFrom("add", "none"),
    messageIdHeader: fc.constantFrom("keep", "replace"),
    esmtp: some({
      pipelining: onOff,
      eightBitMime: onOff,
      smtpUtf8: onOff,
      enhancedStatusCodes: onOff,
      dsn: onOff,
      chunking: onOff,
      limits: onOff,
    }),
    commands: some({
      VRFY: fc.constantFrom("noncommittal", "refuse", "pass"),
      EXPN: fc.constantFrom("refuse", "pass"),
      HELP: fc.constantFrom("answer", "refuse"),
      ETRN: fc.constantFrom("refuse", "pass"),
    }),
    auth: fc.oneof(
      some({ mechanisms: subset(authMechanisms), beforeTls: fc.constantFrom("hidden", "offered") }),
      fc.record({ mechanisms: subset(authMechanisms, 1), required: onOff }),
    ),
    tlsRules: fc.array(
      fc.record(
        {
          name: nameArbitrary,
          senderDomain: domainTest,
          recipientDomain: domainTest,
          client: fc.constantFrom("any", "required"),
          upstream: fc.constantFrom("as-route", "none", "preferred", "required"),
        },
        { requiredKeys: ["name"] },
      ),
      { maxLength: 2 },
    ),
    bareLineEnds: fc.constantFrom("refuse", "normalise"),
    longLines: fc.constantFrom("refuse", "break"),
    recipientsDiffer: fc.constantFrom("strictest", "defer", "split"),
    recipientVerification: some({
      mode: fc.constantFrom("none", "callout"),
      positiveMinutes: fc.integer({ min: 1, max: 44_640 }),
      negativeMinutes: fc.integer({ min: 1, max: 1440 }),
      knownDays: fc.integer({ min: 0, max: 3650 }),
      whenUnknown: fc.constantFrom("tempfail", "accept"),
    }).chain((given) =>
      names.recipients.length === 0
        ? fc.constant(given)
        : fc.constantFrom(given, ...names.recipients.map((list) => ({ ...given, mode: "list", list }))),
    ),
    senderAuth: senderAuthArbitrary,
    autoBan: some({ on: subset(autoBanCauses), minutes: fc.integer({ min: 1, max: 10_080 }) }),
    xclientFrom: networks,
    sessionRecords: fc.constantFrom("all", "faults", "none"),
  });
}

type ActionNames = { lists: ListNames; scanners: string[]; notices: string[] };

function proxyAction(protocol: "smtp" | "pop3", { lists, scanners, notices }: ActionNames): fc.Arbitrary<object> {
  const stages = stagesByProtocol[protocol].map(
    (stage) => [stage, rulesetArbitrary(protocol, stage, lists, notices)] as const,
  );
  return fc.record(
    {
      protocol: fc.constant(protocol),
      direction: fc.constantFrom("incoming", "outgoing"),
      content: contentSettingsArbitrary(scanners),
      limits: limits(protocol === "smtp" ? smtpLimitsSchema : pop3LimitsSchema),
      rulesets: some(Object.fromEntries(stages)),
      settings: protocol === "smtp" ? settings(lists) : pop3SettingsArbitrary,
    },
    { requiredKeys: ["protocol", "direction"] },
  );
}

const schedule = fc.record({
  timeZone: fc.constantFrom("UTC", "Europe/Berlin"),
  windows: fc.array(
    fc.record({
      days: subset(weekDays, 1),
      from: fc.constantFrom("00:00", "08:00", "22:30"),
      to: fc.constantFrom("06:00", "24:00"),
    }),
    { minLength: 1, maxLength: 2 },
  ),
});

type Names = { interfaces: string[]; smtp: Place; pop3: Place; lists: ListNames };
type Place = { routes: string[]; actions: string[] };

function policy(protocol: "smtp" | "pop3", names: Names): fc.Arbitrary<object> {
  const smtp = protocol === "smtp";
  const anInterface = fc.constantFrom(...names.interfaces);
  const aRoute = fc.constantFrom(...names[protocol].routes);
  const from = { interface: anInterface, sources: networks, sourceLists: subset(names.lists.networks) };
  const byDomain = fc.record({ recipientDomain: textTestArbitrary(names.lists), route: aRoute });
  const others = smtp
    ? some({ routes: fc.array(byDomain, { maxLength: 2 }) })
    : some({ userRoutes: userRoutesArbitrary(names.lists, aRoute), serverChoice: serverChoiceArbitrary(aRoute) });
  const to = fc
    .tuple(fc.record({ interface: anInterface, route: aRoute }), others)
    .map(([place, more]) => ({ ...place, ...more }));
  const listener = { address: fc.ipV4(), port, proxyProtocolFrom: networks, tls: listenTls };
  return fc.record(
    {
      protocol: fc.constant(protocol),
      enabled: fc.boolean(),
      from: fc.record(from, { requiredKeys: ["interface"] }),
      to,
      schedule,
      disposition: fc.constantFrom("allow", "refuse-521", "refuse-554", "close"),
      listen: fc.array(fc.record(listener, { requiredKeys: ["address", "port"] }), { minLength: 1, maxLength: 2 }),
      proxyAction: fc.constantFrom(...names[protocol].actions),
    },
    { requiredKeys: ["protocol", "from", "to", "listen", "proxyAction"] },
  );
}

const protocols = ["smtp", "pop3"] as const;
const eitherProtocol = <T extends object>(make: (protocol: "smtp" | "pop3") => fc.Arbitrary<T>) =>
  fc.tuple(...protocols.map((protocol) => named(make(protocol), 1)));

const contentSections = {
  scanners: named(scannerArbitrary, 0),
  dictionaries: named(dictionaryArbitrary, 0),
  notices: named(noticeArbitrary, 0),
};

function nameOf({ name }: { name: string }): string {
  return name;
}

/**
 * Policy documents that `checkDocument` finds nothing against, over the whole schema: what is optional is now there, now absent.
 * Listeners that would meet are told apart by their ports.
 */
export const documentArbitrary: fc.Arbitrary<PolicyDocument> = fc
  .record({ interfaces, lists, ...contentSections, routes: eitherProtocol(routeArbitrary) })
  .chain(({ routes: [smtpRoutes = [], pop3Routes = []], ...sections }) => {
    const { interfaces, lists, scanners, notices } = sections;
    const names = { lists: listNames(lists), scanners: scanners.map(nameOf), notices: notices.map(nameOf) };
    const shared = {
      ...sections,
      routes: uniqueNames([...smtpRoutes, ...pop3Routes]).map(withOwnReports),
    };
    return eitherProtocol((protocol) => proxyAction(protocol, names)).chain(([smtp = [], pop3 = []]) => {
      const proxyActions = uniqueNames([...smtp, ...pop3]);
      const all = {
        interfaces: interfaces.map(nameOf),
        lists: names.lists,
        smtp: placeOf("smtp", shared.routes, proxyActions),
        pop3: placeOf("pop3", shared.routes, proxyActions),
      };
      const tests = named(policyTestArbitrary(all.interfaces), 0);
      return fc
        .tuple(
          eitherProtocol((protocol) => policy(protocol, all)),
          tests,
        )
        .map(([policies, tried]) =>
          withPossibleLogins(
            policyDocumentSchema.parse({
              version: 1,
              ...shared,
              proxyActions,
              policies: uniqueNames(policies.flat()).map(withOwnPorts),
              tests: tried,
            }),
          ),
        );
    });
  });

/** Names of both protocols are of one kind: a number tells them apart. */
function uniqueNames<T extends { name: string }>(items: readonly T[]): T[] {
  return items.map((item, i) => ({ ...item, name: `${item.name} ${i}` }));
}

function placeOf(protocol: string, routes: readonly object[], actions: readonly object[]): Place {
  const those = (items: readonly object[]) =>
    items.flatMap((item) =>
      "protocol" in item && item.protocol === protocol && "name" in item ? [String(item.name)] : [],
    );
  return { routes: those(routes), actions: those(actions) };
}

function withOwnPorts(policy: { name: string }, i: number): object {
  const listen = "listen" in policy && Array.isArray(policy.listen) ? (policy.listen as object[]) : [];
  return { ...policy, listen: listen.map((listener, n) => ({ ...listener, port: 1000 + i * 10 + n })) };
}
