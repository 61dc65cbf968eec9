import { expect, test } from "vitest";
import type { QueueCause } from "#core/contract/queue.ts";
import { type Reply, reply } from "#core/smtp/reply.ts";
import { queueCause } from "#worker/delivery/queue-cause.ts";
import type { SendFailure } from "#worker/upstream/smtp-send.ts";

const failures: readonly [SendFailure["kind"], Reply | null, QueueCause][] = [
  ["unreachable", null, "unreachable"],
  ["timeout", null, "timeout"],
  ["dns", null, "dns"],
  ["tls", reply(454, "4.7.0", "TLS not available"), "tls"],
  ["auth", reply(454, "4.7.0", "Temporary authentication failure"), "auth"],
  ["protocol", null, "protocol"],
  ["lost", null, "protocol"],
  ["lost", reply(421, "4.7.0", "Too many messages"), "rate"],
  ["refused-4xx", null, "busy"],
  ["refused-4xx", reply(421, null, "Too many connections from your host"), "rate"],
  ["refused-5xx", reply(554, null, "No SMTP service here"), "refused"],
  ["no-mail", null, "refused"],
  ["unreadable", null, "disk"],
  ["no-route", null, "no-route"],
  ["reply", null, "protocol"],
];

test.each(failures)("%s, %o: %s", (kind, answer, cause) => {
  expect(queueCause({ kind, answer })).toBe(cause);
});

const answers: readonly [number, string | null, string, QueueCause][] = [
  [450, "4.2.0", "Recipient address rejected: Greylisted, see http://postgrey.example", "greylisted"],
  [451, "4.7.1", "Please try again later", "greylisted"],
  [450, null, "You have been graylisted; grey-listing ends in 300 s", "greylisted"],
  [452, "4.2.2", "Over quota", "mailbox-full"],
  [552, "5.2.2", "Mailbox full", "mailbox-full"],
  [552, null, "The mailbox of bob is full", "mailbox-full"],
  [421, "4.7.0", "Rate limit exceeded", "rate"],
  [421, "4.7.28", "Unusual traffic from your address", "rate"],
  [451, "4.7.1", "Too many messages, slow down", "rate"],
  [450, "4.2.1", "The user receives mail at a rate that prevents more", "rate"],
  [452, "4.5.3", "Too many recipients", "busy"],
  [451, "4.3.0", "Separate your mail better", "busy"],
  [450, "4.4.4", "migrated, generated, quoted", "busy"],
  [421, "4.3.2", "Shutting down", "busy"],
  [550, "5.1.1", "No such user", "refused"],
  [550, "5.7.1", "Refused: too many complaints", "refused"],
  [354, null, "go on", "protocol"],
];

test.each(answers)("%i %s %s: %s", (code, enhanced, text, cause) => {
  expect(queueCause({ kind: "reply", answer: reply(code, enhanced, text) })).toBe(cause);
});
