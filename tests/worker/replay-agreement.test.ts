import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { expectSame, replayedEvent } from "../support/replayed.ts";
import { closeRigs, smtpRig } from "../support/smtp-rig.ts";
import { sendTried, triedMail } from "../support/tried-mail.ts";
import { compiledWhole, triedDns, triedDocument, triedPolicy } from "../support/tried-policy.ts";

afterEach(closeRigs);

const seed = Number(process.env["POSTERN_SEED"] ?? Math.floor(Math.random() * 1e6));
const runs = 80;

test(`the facts of a message, judged again under another policy: the decision and the trace that the worker has then, or nothing is said (POSTERN_SEED=${seed})`, {
  timeout: 120_000,
}, async () => {
  const { gateway, upstream } = await smtpRig({ parts: { senderDns: triedDns() } });
  let said = 0;
  let others = 0;
  await fc.assert(
    fc.asyncProperty(triedPolicy, triedPolicy, triedMail, async (old, draft, mail) => {
      const under = compiledWhole(triedDocument(upstream.port, old));
      const now = compiledWhole(triedDocument(upstream.port, draft));
      const before = await sendTried(gateway, under, mail);
      const after = await sendTried(gateway, now, mail);
      for (const event of before) {
        if (event.kind !== "message") continue;
        const again = replayedEvent(event, under, now);
        if (again.replayed.kind === "decided") {
          said++;
          if (again.replayed.verdict !== event.decision.verdict) others++;
        }
        const [only, ...copies] = after;
        if (only?.decision == null || copies.length > 0 || before.length > 1) continue;
        expectSame(again, only.decision, now, false);
      }
    }),
    { numRuns: runs, seed, endOnFailure: true },
  );
  expect(said).toBeGreaterThan(runs / 10);
  expect(others).toBeGreaterThan(0);
});
