import { createPrivateKey } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { arcSeal, dkimSign } from "#worker/sender-auth/message-signing.ts";
import { requiresCommand } from "../support/requires.ts";
import { checkSignatures } from "../support/sender-checks.ts";
import { keyZone, message, signingKey } from "../support/signed-messages.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { runProgram } from "./clients/run-program.ts";

/** Debian's own: another Python may come first on PATH, and has not its modules. */
const python = "/usr/bin/python3";
const peer = fileURLToPath(new URL("clients/dkim_peer.py", import.meta.url));
const dkimpy = requiresCommand("python3-dkim", [python, "-c", "import dkim, nacl, authres"]);

const text = message({ body: "One  two \t\n\n three\n\n\n" });
const algorithms = ["rsa-2048", "ed25519"] as const;

async function judge(signed: Buffer | string): Promise<unknown> {
  const keys = join(temporaryFolder(), "keys.json");
  const records = algorithms.map((algorithm) => {
    const { selector, record } = keyOf(algorithm);
    return [`${selector}._domainkey.a.test`, record];
  });
  writeFileSync(keys, JSON.stringify(Object.fromEntries(records)));
  const { output } = await runProgram(python, [peer, "verify", keys], signed);
  expect(output).toMatch(/^\{/);
  return JSON.parse(output);
}

function keyOf(algorithm: (typeof algorithms)[number]) {
  return { ...signingKey(algorithm), selector: algorithm };
}

describe.skipIf(!dkimpy.met)(`dkimpy ${dkimpy.why}`, () => {
  test("passes what we sign with either kind of key, and fails what was changed since", async () => {
    let signed = text;
    for (const algorithm of algorithms)
      signed = (await dkimSign([Buffer.from(signed)], keyOf(algorithm), Date.now())) + signed;
    expect(await judge(signed)).toEqual({ dkim: [true, true], arc: "none" });
    expect(await judge(signed.replace("three", "four"))).toEqual({ dkim: [false, false], arc: "none" });
  });

  test("passes chains that we seal, and fails what was changed since", async () => {
    let sealed = text;
    for (const arc of ["none", "pass", "pass"] as const) {
      const results = `gate.test;\r\n spf=pass\r\n  smtp.mailfrom=a.test;\r\n arc=${arc}`;
      sealed = (await arcSeal([Buffer.from(sealed)], keyOf("rsa-2048"), { results, arc }, Date.now())) + sealed;
      expect(await judge(sealed)).toMatchObject({ arc: "pass" });
    }
    expect(await judge(sealed.replace("three", "four"))).toMatchObject({ arc: "fail" });
  });

  test.each(algorithms)("signs with %s what we pass", async (algorithm) => {
    const key = signingKey(algorithm);
    const file = join(temporaryFolder(), "key");
    // dkimpy reads PKCS #8 of RSA, and of Ed25519 the bare seed in base64.
    const der = createPrivateKey(key.privateKey).export({ type: "pkcs8", format: "der" });
    writeFileSync(file, algorithm === "rsa-2048" ? key.privateKey : der.subarray(-32).toString("base64"));
    const kind = algorithm === "rsa-2048" ? "rsa-sha256" : "ed25519-sha256";
    const given = `Authentication-Results: gate.test; spf=pass smtp.mailfrom=a.test\r\n${text}`;
    const { stdout, output } = await runProgram(python, [peer, "sign", file, kind], given);
    expect(output).toMatch(/^(?:ARC|DKIM)-/);
    const { dkim, arc } = await checkSignatures(stdout, keyZone(key));
    expect(dkim).toEqual([{ result: "pass", domain: "a.test", selector: "s1", aligned: true }]);
    if (algorithm === "rsa-2048") expect(arc).toEqual({ result: "pass", chain: 1, sealer: "a.test" });
  });
});
