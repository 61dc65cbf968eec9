import type { Logger } from "pino";
import type { Faults } from "../report/faults.ts";
import type { FileQuarantine } from "./file-quarantine.ts";
import type { QuarantineCommands } from "./quarantine-commands.ts";

const lookEveryMs = 5_000;
const expireEveryMs = 60_000;

export type Watched = {
  quarantine: FileQuarantine;
  commands: Pick<QuarantineCommands, "expire">;
  faults: Faults;
  log: Logger;
};

/** Lets go of what is over, and keeps the faults in step with the quarantine: what is damaged, and no room. Returns what ends it. */
export function watchQuarantine({ quarantine, commands, faults, log }: Watched): () => void {
  const look = (): void => {
    const damaged = quarantine.damaged();
    setOrClear(faults, "quarantine-damaged", damaged.length === 0 ? null : damagedWords(damaged));
    const shortage = quarantine.full();
    setOrClear(faults, "quarantine-full", shortage === null ? null : `The quarantine is full: ${shortage}`);
  };
  const expire = (): void => {
    commands.expire().catch((error: unknown) => log.error({ err: error }, "what is over cannot be removed"));
  };
  look();
  expire();
  const timers = [setInterval(look, lookEveryMs), setInterval(expire, expireEveryMs)];
  return () => timers.forEach((timer) => clearInterval(timer));
}

function damagedWords(damaged: readonly string[]): string {
  const [first] = damaged;
  const others = damaged.length === 1 ? "" : `, and ${damaged.length - 1} more`;
  return `Kept in quarantine and cannot be opened: ${first}${others}: bring back what is missing, or move or delete it`;
}

function setOrClear(faults: Faults, key: string, text: string | null): void {
  if (text === null) faults.clear(key);
  else faults.set(key, text);
}
