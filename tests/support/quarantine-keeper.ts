import { createInterface } from "node:readline";
import { FileQuarantine } from "#worker/quarantine/file-quarantine.ts";
import { Turns } from "#worker/state/turns.ts";
import { keep, keepRequest, mailboxRequest } from "./kept-content.ts";
import { seededRandom } from "./seeded-random.ts";

/**
 * A process that keeps, releases and removes until it is killed. Usage: quarantine-keeper.ts STATE-DIR SEED. A line of output is what is on disk
 * by then: `kept ID content`, `released ID`, or what is about to be: `removing ID`.
 */
const [, , stateDir = "", seed = "0"] = process.argv;
const contents = ["one", "two", "three", "x".repeat(200_000), "y".repeat(70_000)];
const random = seededRandom(Number(seed));
const pick = <T>(all: readonly T[]): T | undefined => all[Math.floor(random() * all.length)];

const turns = new Turns();
const quarantine = await FileQuarantine.open({ stateDir, bytesMax: 1024 ** 3, now: Date.now, damaged: tell });
tell("open", String(quarantine.size));
// The parent that goes away takes this with it.
createInterface({ input: process.stdin }).on("close", () => process.exit(0));
await Promise.all([work(), work(), work()]);

async function work(): Promise<void> {
  for (;;) {
    const id = pick([...quarantine.ids()]);
    const dice = random();
    if (dice < 0.2 && id !== undefined) {
      tell("removing", id);
      await turns.take(id, () => quarantine.remove(id));
    } else if (dice < 0.4 && id !== undefined) {
      await turns.take(id, async () => {
        if (quarantine.entry(id) === null) return;
        await quarantine.markReleased(id, []);
        tell("released", id);
      });
    } else {
      const content = pick(contents) ?? "";
      const request = random() < 0.3 ? mailboxRequest(`user-${Math.floor(random() * 50)}`) : keepRequest();
      const entry = await keep(quarantine, content, request);
      if (entry.id === request.id) tell("kept", `${entry.id} ${content.slice(0, 5)}${content.length}`);
    }
  }
}

function tell(what: string, detail: string): void {
  process.stdout.write(`${what} ${detail}\n`);
}
