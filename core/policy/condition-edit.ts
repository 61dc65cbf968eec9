import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  Pair,
  Scalar,
  YAMLMap,
  YAMLSeq,
} from "yaml";
import { type FactName, facts } from "#core/contract/facts.ts";
import { type ConditionJoin, type ConditionPath, conditionTree, factNamed, joinNamed } from "./condition-tree.ts";
import { parseConditionText, textOf } from "./condition-yaml.ts";

/** A test to be: what its control holds, as conditionTree has it. */
type NewTest = { fact: FactName; test: string; value: string };

/** What can be done to one place of a condition; `path` is that of the tree. */
export type ConditionEdit =
  | { kind: "value"; path: ConditionPath; value: string }
  | { kind: "test"; path: ConditionPath; to: NewTest }
  | { kind: "join"; path: ConditionPath; join: ConditionJoin }
  | { kind: "add-test"; path: ConditionPath; added: NewTest }
  | { kind: "add-group"; path: ConditionPath; join: ConditionJoin; added: NewTest }
  | { kind: "remove"; path: ConditionPath };

/**
 * Makes one edit in the nodes of a condition's text, so that what it does not touch stays, comments and all. The text must be one that
 * conditionTree can show: any other comes back as it is.
 */
export function editCondition(text: string, edit: ConditionEdit): string {
  const yaml = parseConditionText(text);
  if (typeof yaml === "string" || conditionTree(yaml) === null) return text;
  const comments = commentsOf(yaml.contents);
  const root = rootOf(yaml);
  apply(root, edit);
  // What was said of the last part may have been meant for the rule.
  if (root.items.length === 0) keepOnly(yaml, comments);
  return textOf(yaml);
}

function apply(root: YAMLMap, edit: ConditionEdit): void {
  const { path } = edit;
  switch (edit.kind) {
    case "value":
      return setValue(placeOf(root, path).pair, factNamed(String(path.at(-2))), edit.value);
    case "test":
      return setTest(root, path, edit.to);
    case "join":
      return setJoin(root, path, edit.join);
    case "add-test":
      return add(root, path, testPair(edit.added));
    case "add-group":
      return add(root, path, new Pair(new Scalar(edit.join), listOf([mapOf(testPair(edit.added))])));
    case "remove":
      return remove(root, path);
  }
}

function rootOf(yaml: Document): YAMLMap {
  if (isMap(yaml.contents)) return yaml.contents;
  const root = new YAMLMap();
  root.commentBefore = joined(commentsOf(yaml.contents));
  yaml.contents = root as typeof yaml.contents;
  return root;
}

function keepOnly(yaml: Document, comments: readonly string[]): void {
  yaml.contents = null;
  yaml.commentBefore = joined([...(yaml.commentBefore ? [yaml.commentBefore] : []), ...comments]);
}

/** The comments at a node and inside of it, in the order of the text. */
function commentsOf(node: unknown): string[] {
  if (isPair(node)) return [...commentsOf(node.key), ...commentsOf(node.value)];
  if (!isNode(node)) return [];
  const inside = isCollection(node) ? node.items.flatMap(commentsOf) : [];
  return [node.commentBefore ?? "", ...inside, node.comment ?? ""].filter((comment) => comment !== "");
}

function joined(comments: readonly string[]): string | null {
  return comments.length === 0 ? null : comments.join("\n");
}

function nodeAt(root: YAMLMap, path: ConditionPath): unknown {
  return path.length === 0 ? root : root.getIn(path, true);
}

/** The last key of a path, with the map that it stands in. */
function placeOf(root: YAMLMap, path: ConditionPath): { map: YAMLMap; pair: Pair } {
  const map = nodeAt(root, path.slice(0, -1));
  const pair = isMap(map) ? map.items.find((one) => nameOf(one) === path.at(-1)) : undefined;
  if (!isMap(map) || pair === undefined) throw new RangeError(`not in the condition: ${path.join(".")}`);
  return { map, pair };
}

function nameOf({ key }: Pair): unknown {
  return isScalar(key) ? key.value : key;
}

/** The comments of a key stay with it. */
function rename(pair: Pair, name: string): void {
  if (isScalar(pair.key)) pair.key.value = name;
}

function hasOther(map: YAMLMap, name: string, self: Pair): boolean {
  return map.items.some((pair) => pair !== self && nameOf(pair) === name);
}

function setTest(root: YAMLMap, path: ConditionPath, { fact, test, value }: NewTest): void {
  const owner = placeOf(root, path.slice(0, -1));
  const { map, pair } = placeOf(root, path);
  const list = map.items.length > 1 || hasOther(owner.map, fact, owner.pair) ? unfold(owner.map) : null;
  const parts = list?.items.flatMap((item) => (isMap(item) ? item.items : []));
  rename(parts?.find((one) => isMap(one.value) && one.value.items.includes(pair)) ?? owner.pair, fact);
  rename(pair, test);
  setValue(pair, fact, value);
}

function setJoin(root: YAMLMap, path: ConditionPath, join: ConditionJoin): void {
  const node = nodeAt(root, path);
  if (isMap(node)) {
    // What nobody wrote as a group holds together as it is.
    if (join === "all") return;
    unfold(node);
    const [group] = node.items;
    if (group !== undefined) rename(group, join);
    return;
  }
  const { map, pair } = placeOf(root, path);
  if (hasOther(map, join, pair)) unfold(map);
  rename(pair, join);
}

/** A condition takes another part where it has none of that name, else its parts become a list. */
function add(root: YAMLMap, path: ConditionPath, part: Pair): void {
  const node = nodeAt(root, path);
  if (isSeq(node)) node.items.push(mapOf(part));
  else if (isMap(node) && !hasOther(node, String(nameOf(part)), part)) node.items.push(part);
  else if (isMap(node)) unfold(node).items.push(mapOf(part));
}

/** What holds nothing any more goes too. */
function remove(root: YAMLMap, path: ConditionPath): void {
  const last = path.at(-1);
  const within = path.slice(0, -1);
  const holder = nodeAt(root, within);
  if (isSeq(holder)) holder.items.splice(Number(last), 1);
  else if (isMap(holder)) holder.items = holder.items.filter((pair) => nameOf(pair) !== last);
  else return;
  if (holder.items.length === 0 && within.length > 0) remove(root, within);
}

/** Makes the parts of a condition the list of its `all`: each can then be changed without the others. */
function unfold(map: YAMLMap): YAMLSeq {
  const [only] = map.items;
  if (map.items.length === 1 && only !== undefined && joinNamed(String(nameOf(only))) !== null && isSeq(only.value)) {
    return only.value;
  }
  const list = listOf(map.items.flatMap(apart).map(mapOf));
  map.items = [new Pair(new Scalar("all"), list)];
  map.flow = false;
  return list;
}

/** A fact with several tests as one pair for each. */
function apart(pair: Pair): Pair[] {
  if (!isMap(pair.value) || pair.value.items.length < 2) return [pair];
  const [first, ...rest] = pair.value.items;
  if (first === undefined) return [pair];
  pair.value.items = [first];
  return [pair, ...rest.map((test) => new Pair(new Scalar(nameOf(pair)), mapOf(test)))];
}

/** A condition of one part; the comment above the part is then the condition's. */
function mapOf(pair: Pair): YAMLMap {
  const map = new YAMLMap();
  map.items = [pair];
  if (isNode(pair.key)) {
    map.commentBefore = pair.key.commentBefore ?? null;
    pair.key.commentBefore = null;
  }
  return map;
}

function listOf(items: YAMLMap[]): YAMLSeq {
  const list = new YAMLSeq();
  list.items = items;
  return list;
}

function testPair({ fact, test, value }: NewTest): Pair {
  const pair = new Pair(new Scalar(test), null);
  setValue(pair, fact, value);
  return new Pair(new Scalar(fact), mapOf(pair));
}

function setValue(pair: Pair, fact: FactName | null, value: string): void {
  if (nameOf(pair) === "in") setEntries(pair, value === "" ? [] : value.split("\n"));
  else {
    const typed = fact !== null && facts[fact].kind === "number" ? numberOf(value) : value;
    if (isScalar(pair.value)) pair.value.value = typed;
    else pair.value = new Scalar(typed);
  }
}

/** Null where nothing is typed; what is no number stays as it was typed, for the check to say so. */
function numberOf(value: string): number | string | null {
  if (value.trim() === "") return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : value;
}

/** Entries before and behind what changed keep their nodes, and those in between as many as there are. */
function setEntries(pair: Pair, entries: readonly string[]): void {
  const list = isSeq(pair.value) ? pair.value : listOf([]);
  pair.value = list;
  const old: unknown[] = list.items;
  const same = (node: unknown, entry: string | undefined) => isScalar(node) && node.value === entry;
  const common = Math.min(old.length, entries.length);
  let head = 0;
  while (head < common && same(old[head], entries[head])) head++;
  let tail = 0;
  while (tail < common - head && same(old.at(-1 - tail), entries.at(-1 - tail))) tail++;
  const free = old.slice(head, old.length - tail);
  const between = entries.slice(head, entries.length - tail).map((entry, i) => {
    const node = free[i];
    if (!isScalar(node)) return new Scalar(entry);
    node.value = entry;
    return node;
  });
  list.items = [...old.slice(0, head), ...between, ...old.slice(old.length - tail)];
}
