import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FileQuarantine } from "#worker/quarantine/file-quarantine.ts";
import { contentOf } from "../support/kept-content.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** `POSTERN_KILLS=300` for a long run; `POSTERN_SEED` repeats the random choices of an earlier one. */
const kills = Number(process.env["POSTERN_KILLS"] ?? 50);
const seed = Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000_000);
const longestLifeMs = 300;
const keeper = join(import.meta.dirname, "../support/quarantine-keeper.ts");

/** Runs the keeper for a while after its start and kills it; gives the lines that it wrote, whole ones only. */
async function runAndKill(stateDir: string, childSeed: number, lifeMs: number): Promise<string[]> {
  const child = spawn(process.execPath, [keeper, stateDir, String(childSeed)], { stdio: ["pipe", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    // Its start is killed as well: the time runs from the first line, or from the beginning.
    if (output === "") setTimeout(() => child.kill("SIGKILL"), lifeMs);
    output += text;
  });
  await once(child, "close");
  return output
    .slice(0, output.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((line) => line !== "");
}

test(
  `nothing that was kept is lost, and nothing is left behind, over ${kills} kills with -9`,
  async () => {
    process.stderr.write(`kill -9 of the quarantine: ${kills} kills, POSTERN_SEED=${seed}\n`);
    const random = seededRandom(seed);
    const stateDir = temporaryFolder();
    const kept = new Map<string, string>();
    const removing = new Set<string>();
    const released = new Set<string>();
    for (let round = 0; round < kills; round++) {
      for (const line of await runAndKill(stateDir, seed + round, random() * longestLifeMs)) {
        const [what = "", id = "", content = ""] = line.split(" ");
        if (what === "kept") kept.set(id, content);
        else if (what === "removing") removing.add(id);
        else if (what === "released") released.add(id);
        else expect(what).toBe("open");
      }
    }
    const quarantine = await FileQuarantine.open({
      stateDir,
      bytesMax: 1024 ** 3,
      now: Date.now,
      damaged: (what, reason) => expect.unreachable(`${what}: ${reason}`),
    });
    const lost = [...kept.keys()].filter((id) => !removing.has(id) && quarantine.entry(id) === null);
    const forgotten = [...released].filter((id) => quarantine.entry(id)?.state === "held");
    expect([lost, forgotten]).toEqual([[], []]);
    const digests = new Set<string>();
    for (const id of quarantine.ids()) {
      const content = (await contentOf(quarantine, id)).toString();
      const told = kept.get(id);
      if (told !== undefined) expect(`${content.slice(0, 5)}${content.length}`).toBe(told);
      digests.add(quarantine.entry(id)?.sha256 ?? "");
    }
    const files = (folder: string) => readdirSync(join(stateDir, "quarantine", folder)).length;
    expect([files("content"), files("incoming"), files("damaged"), files("entries")]).toEqual([
      digests.size,
      0,
      0,
      quarantine.size,
    ]);
    expect(kept.size).toBeGreaterThan(kills);
  },
  300_000 + kills * 2_000,
);
