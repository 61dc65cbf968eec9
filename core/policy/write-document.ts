import { Scalar, stringify } from "yaml";
import { actionShorthand } from "#core/contract/action.ts";
import { contentSettingsSchema } from "#core/contract/content-settings.ts";
import { type Dictionary, dictionarySchema } from "#core/contract/dictionary.ts";
import type { Protocol } from "#core/contract/facts.ts";
import { pop3LimitsSchema, smtpLimitsSchema } from "#core/contract/limits.ts";
import {
  type Policy,
  type PolicyDocument,
  type Pop3Route,
  type ProxyAction,
  type Route,
  type ServerChoice,
  smtpRouteSchema,
} from "#core/contract/policy-document.ts";
import type { PolicyTest } from "#core/contract/policy-test.ts";
import { pop3SettingsSchema } from "#core/contract/pop3-settings.ts";
import type { Rule, Ruleset } from "#core/contract/rule.ts";
import { type Scanner, scannerSchema } from "#core/contract/scanner.ts";
import { pop3InputSchema, smtpInputSchema } from "#core/contract/simulation-input.ts";
import { smtpSettingsSchema } from "#core/contract/smtp-settings.ts";
import { conditionForm, loneComment } from "./condition-yaml.ts";

/** The YAML form of a policy: defaults left out, actions as people write them. Reading it gives an equal document. */
export function writePolicyDocument(document: PolicyDocument): string {
  const form = {
    version: document.version,
    interfaces: document.interfaces.map(({ networks, ...rest }) => ({ ...rest, ...unlessEmpty({ networks }) })),
    lists: document.lists,
    ...unlessEmpty({
      scanners: document.scanners.map(scannerForm),
      dictionaries: document.dictionaries.map(dictionaryForm),
      notices: document.notices,
    }),
    routes: document.routes.map(routeForm),
    proxyActions: document.proxyActions.map(proxyActionForm),
    policies: document.policies.map(policyForm),
    ...unlessEmpty({ tests: document.tests.map(testForm) }),
  };
  return stringify(form, { lineWidth: 120, aliasDuplicateObjects: false });
}

function testForm({ name, given, message, must }: PolicyTest): unknown {
  return { name, given: givenForm(given), ...(message === undefined ? {} : { message }), must };
}

function givenForm(given: PolicyTest["given"]): unknown {
  const { interface: name, client } = given;
  if (given.protocol === "pop3") {
    const defaults = pop3InputSchema.partial({ at: true }).parse({ protocol: "pop3", interface: name, client });
    const { user, login, commands, tls, ...always } = given;
    return { ...always, ...unlessDefault({ user, login, commands, tls }, defaults, []) };
  }
  const { sender, recipients } = given;
  const defaults = smtpInputSchema.partial({ at: true }).parse({ interface: name, client, sender, recipients });
  const { helo, tls, user, ...always } = given;
  return { ...always, ...unlessDefault({ helo, tls, user }, defaults, []) };
}

function scannerForm({ name, kind, at, ...rest }: Scanner): unknown {
  const defaults = scannerSchema.parse({ name, kind, at });
  return { name, kind, at, ...unlessDefault(rest, defaults, []) };
}

function dictionaryForm({ name, threshold, count, entries }: Dictionary): unknown {
  const defaults = dictionarySchema.parse({ name, entries: [{ word: "x" }] });
  return {
    name,
    ...unlessDefault({ threshold, count }, defaults, []),
    entries: entries.map((entry) => unlessDefault(entry, { weight: 1, caseSensitive: false }, [])),
  };
}

function routeForm(route: Route): unknown {
  const defaults = smtpRouteSchema.parse({ name: "x", protocol: "smtp", targets: [{ host: "x", port: 1 }] });
  const { name, protocol, targets, ...rest } = route;
  const bridge = "bridge" in route && route.bridge !== undefined ? { bridge: bridgeForm(route.bridge) } : {};
  const delivery = "delivery" in route ? { delivery: route.delivery } : {};
  const shortTargets = targets.map(({ host, port, priority, weight }) => ({
    host,
    port,
    ...(priority === 0 ? {} : { priority }),
    ...(weight === 1 ? {} : { weight }),
  }));
  return {
    name,
    protocol,
    ...delivery,
    ...unlessEmpty({ targets: shortTargets }),
    ...unlessDefault(rest, { ...defaults, delivery: "shown above" }, ["delivery", "bridge"]),
    ...bridge,
  };
}

function bridgeForm({ credentials, others }: NonNullable<Pop3Route["bridge"]>): unknown {
  return { credentials, ...(others === "pass" ? {} : { others }) };
}

function proxyActionForm(action: ProxyAction): unknown {
  const { name, protocol, direction, limits, content, rulesets } = action;
  const limitDefaults = (protocol === "smtp" ? smtpLimitsSchema : pop3LimitsSchema).parse({});
  const settings = unlessDefault(action.settings, settingDefaults(protocol), []);
  const written: Record<string, unknown> = {};
  for (const [stage, ruleset] of Object.entries<Ruleset | undefined>(rulesets)) {
    if (ruleset !== undefined) written[stage] = rulesetForm(ruleset);
  }
  return {
    name,
    protocol,
    direction,
    ...unlessEmpty({
      limits: unlessDefault(limits, limitDefaults, []),
      settings,
      content: unlessDefault(content, contentSettingsSchema.parse({}), []),
      rulesets: written,
    }),
  };
}

function settingDefaults(protocol: Protocol): object {
  return (protocol === "smtp" ? smtpSettingsSchema : pop3SettingsSchema).parse({});
}

function rulesetForm({ rules, noneMatched }: Ruleset): unknown {
  const { action, log } = noneMatched;
  return {
    rules: rules.map(ruleForm),
    noneMatched: { action: actionShorthand(action), ...(log ? { log } : {}) },
  };
}

function ruleForm({ id, name, section, state, when, whenText, action, log, alarm, expires }: Rule): unknown {
  const form = {
    ...(id === undefined ? {} : { id }),
    name,
    ...(section === undefined ? {} : { section }),
    ...(state === "on" ? {} : { state }),
    ...(when === undefined ? {} : { when: conditionForm({ when, whenText }) }),
    action: actionShorthand(action),
    ...(log ? { log } : {}),
    ...(alarm ? { alarm } : {}),
    ...(expires === undefined ? {} : { expires }),
  };
  const comment = loneComment({ when, whenText });
  return comment === undefined ? form : commentedAt("action", comment, form);
}

/** The same with a comment above a key. */
function commentedAt(name: string, comment: string, form: object): Map<unknown, unknown> {
  const key = new Scalar(name);
  key.commentBefore = comment;
  return new Map(Object.entries(form).map(([known, value]) => [known === name ? key : known, value]));
}

function policyForm(policy: Policy): unknown {
  const { name, protocol, enabled, from, to, schedule, disposition, listen, proxyAction } = policy;
  return {
    name,
    protocol,
    ...(enabled ? {} : { enabled }),
    from: { interface: from.interface, ...unlessEmpty({ sources: from.sources, sourceLists: from.sourceLists }) },
    to: {
      interface: to.interface,
      route: to.route,
      ...unlessEmpty({ routes: to.routes, userRoutes: to.userRoutes }),
      ...(to.serverChoice === undefined ? {} : { serverChoice: serverChoiceForm(to.serverChoice) }),
    },
    ...(schedule === undefined ? {} : { schedule }),
    ...(disposition === "allow" ? {} : { disposition }),
    listen: listen.map(({ proxyProtocolFrom, ...rest }) => ({ ...rest, ...unlessEmpty({ proxyProtocolFrom }) })),
    proxyAction,
  };
}

function serverChoiceForm({ separator, servers }: ServerChoice): unknown {
  return { ...(separator === "%" ? {} : { separator }), servers };
}

/** What differs from the defaults; of an object inside, what differs in it. */
function unlessDefault(values: object, defaults: object, leaveOut: readonly string[]): Record<string, unknown> {
  const known = defaults as Record<string, unknown>;
  const written: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(values) as [string, unknown][]) {
    const usual = known[key];
    if (leaveOut.includes(key) || JSON.stringify(value) === JSON.stringify(usual)) continue;
    written[key] = isPlain(value) && isPlain(usual) ? unlessDefault(value, usual, []) : value;
  }
  return written;
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unlessEmpty(values: Record<string, object>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => Object.keys(value).length > 0));
}
