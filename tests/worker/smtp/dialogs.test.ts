import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { SmtpClient } from "../../support/smtp-client.ts";
import type { GatewayOptions } from "../../support/smtp-gateway.ts";
import { closeRigs, smtpRig } from "../../support/smtp-rig.ts";

afterEach(closeRigs);

const folder = fileURLToPath(new URL("../../fixtures/dialogs/smtp/", import.meta.url));

/** Says the C: lines and collects what is answered, until the script is the dialogue that took place. */
async function replay(script: readonly string[], client: SmtpClient): Promise<string[]> {
  const spoken: string[] = [];
  for (const [index, line] of script.entries()) {
    if (line.startsWith("C: ")) {
      client.send(`${line.slice(3)}\r\n`);
      spoken.push(line);
    } else if (!script[index - 1]?.startsWith("S: ") || /^S: \d{3} /.test(script[index - 1] ?? "")) {
      for (const answered of (await client.reply()).split("|")) spoken.push(`S: ${answered}`);
    }
  }
  return spoken;
}

/** How a dialogue is set up: a line `#! { … }` in its file. `answers`: what the upstream says to a line in place of the usual. */
type Setup = Pick<Partial<GatewayOptions>, "settings" | "limits"> & {
  upstream?: { keywords?: string[]; answers?: Record<string, string> };
};

function setupOf(text: string): Setup {
  const [, json] = /^#! (.*)$/m.exec(text) ?? [];
  return json === undefined ? {} : (JSON.parse(json) as Setup);
}

test.each(readdirSync(folder))("the dialogue %s takes place as written", async (file) => {
  const text = readFileSync(folder + file, "utf8").trimEnd();
  const script = text.split("\n").filter((line) => !line.startsWith("#"));
  const { upstream = {}, ...options } = setupOf(text);
  const { keywords, answers = {} } = upstream;
  const { gateway } = await smtpRig(options, {
    ...(keywords === undefined ? {} : { keywords }),
    answer: (line) => answers[line],
  });
  const client = await SmtpClient.connect(gateway.port, false);
  expect(await replay(script, client)).toEqual(script);
});
