import { z } from "zod";
import { documentSections, type Policy, type PolicyDocument, type Route } from "#core/contract/policy-document.ts";
import type { Ruleset } from "#core/contract/rule.ts";
import type { Section } from "./sections.ts";

/** An object that has another name. */
export const renameSchema = z.strictObject({ section: z.enum(documentSections), from: z.string(), to: z.string() });
export type Rename = z.infer<typeof renameSchema>;

/**
 * The objects of `after` that are those of `before` under another name. Nothing but its name tells an object from others, so it goes by what they
 * are: one that is gone and one that is new, which are equal, or have a rule in common, or are named in the same places, or, of policies and tests,
 * differ in one more property only.
 */
export function renamesBetween(before: PolicyDocument, after: PolicyDocument): Rename[] {
  const replaced = documentSections.flatMap((section) => {
    const gone = missing(before[section], after[section]);
    const added = missing(after[section], before[section]);
    return gone.size > 0 && added.size > 0 ? [{ section, gone, added }] : [];
  });
  if (replaced.length === 0) return [];
  const places = { before: namedAt(before), after: namedAt(after) };
  return replaced.flatMap(({ section, gone, added }) =>
    marksOf(section).flatMap((marks) => {
      const marked = new Map([...added].flatMap((one) => marks(one, places.after).map((mark) => [mark, one] as const)));
      return [...gone].flatMap((one) => {
        const alike = marks(one, places.before).flatMap((mark) => marked.get(mark) ?? []);
        const now = alike.find((other) => added.delete(other));
        return now !== undefined && gone.delete(one) ? [{ section, from: one.name, to: now.name }] : [];
      });
    }),
  );
}

/** The document with other names, wherever they stand. */
export function withRenames(document: PolicyDocument, renames: readonly Rename[]): PolicyDocument {
  if (renames.length === 0) return document;
  const names = new Map(renames.map(({ section, from, to }) => [JSON.stringify([section, from]), to]));
  return withNames(document, (section, name) => names.get(JSON.stringify([section, name])) ?? name);
}

/** What takes them back. */
export function inverseOfRenames(renames: readonly Rename[]): Rename[] {
  return renames.map(({ section, from, to }) => ({ section, from: to, to: from }));
}

type Named = { name: string; rulesets?: Record<string, Ruleset | undefined> };
/** By section and name, where an object is named. */
type Places = ReadonlyMap<string, readonly string[]>;
/** What an object can be known by under another name. */
type Marks = (item: Named, places: Places) => string[];

/** The surest ones first. */
function marksOf(section: Section): Marks[] {
  const users: Marks = ({ name }, places) => {
    const at = places.get(JSON.stringify([section, name]));
    return at === undefined ? [] : [JSON.stringify(at)];
  };
  if (section === "routes") return [wholeRoute, users];
  if (section === "proxyActions") return [whole, ruleIds, users];
  return section === "policies" || section === "tests" ? [whole, allButOne] : [whole, users];
}

const whole: Marks = ({ name: _, ...rest }) => [JSON.stringify(rest)];

/** A route may bring its own reports to senders: then it names itself. */
const wholeRoute: Marks = ({ name, ...rest }) => [
  JSON.stringify(rest, (key, value) => (key === "route" && value === name ? null : value)),
];

const ruleIds: Marks = ({ rulesets = {} }) =>
  Object.values(rulesets).flatMap((ruleset) => ruleset?.rules.flatMap(({ id }) => id ?? []) ?? []);

const allButOne: Marks = ({ name: _, ...rest }) =>
  Object.keys(rest).map((left) => JSON.stringify([left, { ...rest, [left]: undefined }]));

/** Those that the others have no object of the same name for. */
function missing(items: readonly Named[], others: readonly Named[]): Set<Named> {
  const names = new Set(others.map(({ name }) => name));
  return new Set(items.filter(({ name }) => !names.has(name)));
}

function namedAt(document: PolicyDocument): Places {
  const places = new Map<string, string[]>();
  withNames(document, (section, name, place) => {
    const key = JSON.stringify([section, name]);
    if (place !== null) places.set(key, places.get(key) ?? []);
    if (place !== null) places.get(key)?.push(place);
    return name;
  });
  return places;
}

/** What something is to be called. `place`: where it is named, null where it stands itself. */
type NameOf = (section: Section, name: string, place: string | null) => string;

function withNames(document: PolicyDocument, nameOf: NameOf): PolicyDocument {
  const own = <T extends Named>(section: Section, items: readonly T[]): T[] =>
    items.map((item) => ({ ...item, name: nameOf(section, item.name, null) }));
  return {
    ...document,
    interfaces: own("interfaces", document.interfaces),
    lists: own("lists", document.lists),
    scanners: own("scanners", document.scanners),
    dictionaries: own("dictionaries", document.dictionaries),
    notices: own("notices", document.notices),
    routes: own("routes", document.routes).map((route) => routeWithNames(route, nameOf)),
    proxyActions: own("proxyActions", document.proxyActions),
    policies: document.policies.map((policy) => policyWithNames(policy, nameOf)),
    tests: own("tests", document.tests).map((test) => ({
      ...test,
      given: { ...test.given, interface: nameOf("interfaces", test.given.interface, `test ${test.name}`) },
    })),
  };
}

function routeWithNames(route: Route, nameOf: NameOf): Route {
  if (route.protocol !== "smtp" || route.senderNotices === undefined) return route;
  const by = nameOf("routes", route.senderNotices.route, `route ${route.name}`);
  return { ...route, senderNotices: { ...route.senderNotices, route: by } };
}

function policyWithNames(policy: Policy, nameOf: NameOf): Policy {
  const { from, to, proxyAction } = policy;
  const at = (field: string) => `policy ${policy.name} ${field}`;
  const side = <T extends { route: string }>(routes: readonly T[], field: string): T[] =>
    routes.map((one, n) => ({ ...one, route: nameOf("routes", one.route, at(`${field} ${n}`)) }));
  const { serverChoice, ...others } = to;
  return {
    ...policy,
    name: nameOf("policies", policy.name, null),
    from: { ...from, interface: nameOf("interfaces", from.interface, at("from")) },
    to: {
      ...others,
      interface: nameOf("interfaces", to.interface, at("to")),
      route: nameOf("routes", to.route, at("route")),
      routes: side(to.routes, "routes"),
      userRoutes: side(to.userRoutes, "userRoutes"),
      ...(serverChoice && { serverChoice: { ...serverChoice, servers: side(serverChoice.servers, "servers") } }),
    },
    proxyAction: nameOf("proxyActions", proxyAction, at("proxyAction")),
  };
}
