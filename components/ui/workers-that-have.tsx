import { StateBadge } from "./state-badge.tsx";

type WorkersThatHaveProps = { workers: readonly { worker: string; heard: boolean; has: boolean }[] };

/** Which workers have a secret that the console gave them. */
export function WorkersThatHave({ workers }: WorkersThatHaveProps) {
  if (workers.length === 0) return <StateBadge state="unknown">no worker</StateBadge>;
  return (
    <span className="flex flex-wrap gap-1">
      {workers.map(({ worker, heard, has }) => {
        const state = !heard ? "unknown" : has ? "up" : "down";
        const words = !heard ? "not heard" : has ? "has it" : "has it not";
        return (
          <StateBadge key={worker} state={state}>
            {worker}: {words}
          </StateBadge>
        );
      })}
    </span>
  );
}
