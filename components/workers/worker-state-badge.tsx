import { StateBadge } from "#components/ui/state-badge.tsx";
import type { WorkerState } from "#lib/workers/worker-state.ts";

const looks = {
  up: { state: "up", word: "up" },
  down: { state: "down", word: "down" },
  drifted: { state: "warning", word: "drifted" },
} as const;

export function WorkerStateBadge({ state }: { state: WorkerState }) {
  const look = looks[state];
  return <StateBadge state={look.state}>{look.word}</StateBadge>;
}
