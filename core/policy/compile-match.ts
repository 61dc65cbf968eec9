import type { Policy } from "#core/contract/policy-document.ts";
import { NetworkSet } from "#core/match/network-set.ts";
import type { CompiledLists } from "./compile-condition.ts";
import { type IsOpen, ScheduleCompiler } from "./schedule.ts";

/** Which connections a policy takes. */
export type PolicyMatch = {
  /** Whether the client address (v4, v6 or v4-mapped text) is among the policy's sources. */
  hasSource(clientAddress: string): boolean;
  /** Whether it takes a connection of that source at that moment (milliseconds since 1970). */
  admits(clientAddress: string, nowMs: number): boolean;
};

const always: IsOpen = () => true;

/** Compiles the matches of one document. */
export class MatchCompiler {
  readonly #lists: CompiledLists;
  readonly #schedules = new ScheduleCompiler();

  constructor(lists: CompiledLists) {
    this.#lists = lists;
  }

  compile({ from, schedule }: Policy): PolicyMatch {
    const isOpen = schedule === undefined ? always : this.#schedules.compile(schedule);
    const sources = this.#sourcesOf(from);
    const hasSource = (address: string): boolean => sources === null || sources.some((set) => set.has(address));
    return { hasSource, admits: (address, nowMs) => isOpen(nowMs) && hasSource(address) };
  }

  /** The networks that may connect; null: every source. */
  #sourcesOf({ sources, sourceLists }: Policy["from"]): readonly NetworkSet[] | null {
    if (sources.length === 0 && sourceLists.length === 0) return null;
    return [new NetworkSet(sources), ...sourceLists.map((name) => this.#lists.networks(name))];
  }
}
