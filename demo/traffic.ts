import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { fetchMessages, isNotice } from "./fetch-messages.ts";
import { demoPassword } from "./mail-server.ts";
import { demoPorts } from "./ports.ts";
import { type SampleName, sampleMessage } from "./samples.ts";
import { seededRandom } from "./seeded-random.ts";
import { sendMessage } from "./send-message.ts";

const meanPauseMs = 3_000;
const users = ["alice", "bob", "carol", "dave"];
const outsiders = ["news@example.com", "orders@shop.example", "erin@example.net", "winner@lottery.example"];
const subjects = [
  "Minutes of Tuesday",
  "Your order 20431",
  "Lunch?",
  "Re: the new contract",
  "Weekly report",
  "Invoice for November",
];

const environment = z.object({ POSTERN_DEMO_SEED: z.coerce.number().int().default(1) }).parse(process.env);
const random = seededRandom(environment.POSTERN_DEMO_SEED);
const ports = demoPorts(process.env);
const pick = <T>(values: readonly T[], fallback: T): T => values[Math.floor(random() * values.length)] ?? fallback;

type Act = { weight: number; words: string; run(): Promise<string> };

function send(port: number, sample: SampleName, from: string, to: string): () => Promise<string> {
  return async () => {
    const subject = sample === "clean" ? pick(subjects, "Hello") : undefined;
    const message = sampleMessage(sample, from, to, subject);
    return (await sendMessage({ host: "127.0.0.1", port, from, to, message })).reply;
  };
}

function nextAct(): Act {
  const user = `${pick(users, "alice")}@example.test`;
  const outsider = pick(outsiders, "erin@example.net");
  const inward = ports.POSTERN_EXTERNAL_SMTP_PORT;
  const acts: Act[] = [
    { weight: 38, words: "clean in", run: send(inward, "clean", outsider, user) },
    { weight: 15, words: "clean out", run: send(ports.POSTERN_TRUSTED_SMTP_PORT, "clean", user, outsider) },
    { weight: 8, words: "macro in", run: send(inward, "macro", outsider, user) },
    { weight: 12, words: "executable in", run: send(inward, "executable", outsider, user) },
    { weight: 12, words: "spoofed sender", run: send(inward, "clean", "director@example.test", user) },
    { weight: 3, words: "too large", run: send(inward, "large", outsider, user) },
    { weight: 8, words: "fetch", run: () => fetch(ports.POSTERN_TRUSTED_POP3_PORT, user, true) },
    { weight: 4, words: "read from outside", run: () => fetch(ports.POSTERN_EXTERNAL_POP3_PORT, user, false) },
  ];
  let left = random() * acts.reduce((sum, act) => sum + act.weight, 0);
  for (const act of acts) {
    left -= act.weight;
    if (left <= 0) return act;
  }
  throw new Error("weights");
}

async function fetch(port: number, user: string, deleteAfter: boolean): Promise<string> {
  const messages = await fetchMessages({ host: "127.0.0.1", port, user, password: demoPassword, deleteAfter });
  const notices = messages.filter(isNotice).length;
  return `${messages.length} messages, ${notices} of them notices`;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(0));
console.log(`demo traffic, seed ${environment.POSTERN_DEMO_SEED}`);
for (;;) {
  const { words, run } = nextAct();
  try {
    console.log(`${new Date().toISOString()} ${words}: ${await run()}`);
  } catch (error) {
    console.log(`${new Date().toISOString()} ${words}: ${error instanceof Error ? error.message : error}`);
  }
  await wait(meanPauseMs * (0.5 + random()));
}
