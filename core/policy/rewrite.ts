import type { Action } from "#core/contract/action.ts";
import { foldAscii } from "#core/match/ascii-fold.ts";
import { compileWholePattern } from "#core/match/pattern.ts";

export type RewriteAction = Extract<Action, { kind: "rewrite" }>;

/** An address as it was received. `domains`: the spellings that name its domain, as in the facts. */
export type WrittenAddress = { address: string; domains: readonly string[] };

/**
 * The addresses that take its place, or null: the rewrite does not fit this one and it stays. They are text that nobody has checked:
 * the caller reads each as a path.
 */
export type Rewriter = (written: WrittenAddress) => string[] | null;

export type RewriterResult = { ok: true; rewrite: Rewriter } | { ok: false; reason: string };

/** Turns a rewrite into what is applied to addresses, or says what is wrong with it. */
export function compileRewrite({ pattern, to, domains, aliases }: RewriteAction): RewriterResult {
  if (pattern !== undefined && to !== undefined) return compilePatternRewrite(pattern, to);
  if (domains !== undefined) return { ok: true, rewrite: domainRewriter(domains) };
  if (aliases !== undefined) return { ok: true, rewrite: aliasRewriter(aliases) };
  return { ok: false, reason: "a rewrite needs pattern and to, domains, or aliases" };
}

const rewriters = new WeakMap<RewriteAction, Rewriter>();

/** Applies the rewrite of a checked document; compiled once for each action. Throws on one that `checkDocument` would have refused. */
export function rewritten(action: RewriteAction, written: WrittenAddress): string[] | null {
  const known = rewriters.get(action);
  if (known !== undefined) return known(written);
  const compiled = compileRewrite(action);
  if (!compiled.ok) throw new RangeError(compiled.reason);
  rewriters.set(action, compiled.rewrite);
  return compiled.rewrite(written);
}

/** `$1` to `$9`; any other `$` is itself: it may stand in an address. */
const groupReference = /\$([1-9])/g;

function compilePatternRewrite(pattern: string, to: string): RewriterResult {
  const compiled = compileWholePattern(pattern);
  if (!compiled.ok) return compiled;
  const { groupCount, groups } = compiled;
  const named = Math.max(0, ...[...to.matchAll(groupReference)].map(([, digit]) => Number(digit)));
  if (named > groupCount) return { ok: false, reason: `to names $${named}, and the pattern has ${groupCount} groups` };
  const rewrite: Rewriter = ({ address }) => {
    const found = groups(address);
    if (found === null) return null;
    return [to.replace(groupReference, (_, digit: string) => found[Number(digit) - 1] ?? "")];
  };
  return { ok: true, rewrite };
}

function domainRewriter(domains: Record<string, string>): Rewriter {
  const byDomain = new Map(Object.entries(domains).map(([from, to]) => [foldAscii(from), to]));
  return ({ address, domains: readings }) => {
    const to = readings.map((reading) => byDomain.get(foldAscii(reading))).find((found) => found !== undefined);
    return to === undefined ? null : [`${localPartOf(address)}@${to}`];
  };
}

function aliasRewriter(aliases: Record<string, string[]>): Rewriter {
  const byAddress = new Map(Object.entries(aliases).map(([from, to]) => [foldAscii(from), to]));
  return ({ address, domains }) => {
    const localPart = localPartOf(address);
    const spellings = [address, ...domains.map((domain) => `${localPart}@${domain}`)];
    const to = spellings.map((spelling) => byAddress.get(foldAscii(spelling))).find((found) => found !== undefined);
    return to === undefined ? null : [...to];
  };
}

/** As written, quotes included. */
function localPartOf(address: string): string {
  const at = address.lastIndexOf("@");
  return at === -1 ? address : address.slice(0, at);
}
