import { parseArgs } from "node:util";
import { demoPorts } from "./ports.ts";
import { type SampleName, sampleMessage, sampleNames, sampleWords } from "./samples.ts";
import { sendMessage } from "./send-message.ts";

const ports = demoPorts(process.env);

const help = `Sends a sample message by SMTP and shows the conversation.

  npm run demo:send -- <sample> [options]

Samples
${sampleNames.map((name) => `  ${name.padEnd(12)} ${sampleWords[name]}`).join("\n")}

Options
  --host <host>     default 127.0.0.1
  --port <port>     default ${ports.POSTERN_EXTERNAL_SMTP_PORT}, Postern's SMTP on External; ${ports.POSTERN_TRUSTED_SMTP_PORT} is Trusted
  --from <address>  default sender@example.com
  --to <address>    default alice@example.test
  --subject <text>  default: what the sample is
  --quiet           only the outcome

Ends with 0 when the server took the message, 1 when it refused it, 2 when there was no conversation.
The mailbox: POP3 127.0.0.1:${ports.POSTERN_TRUSTED_POP3_PORT} (through Postern), user alice, password demo.`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: "boolean", short: "h", default: false },
      host: { type: "string", default: "127.0.0.1" },
      port: { type: "string", default: String(ports.POSTERN_EXTERNAL_SMTP_PORT) },
      from: { type: "string", default: "sender@example.com" },
      to: { type: "string", default: "alice@example.test" },
      subject: { type: "string" },
      quiet: { type: "boolean", default: false },
    },
  });
  const sample = sampleNames.find((name): name is SampleName => name === positionals[0]);
  const port = Number(values.port);
  if (values.help || sample === undefined || positionals.length > 1 || !(port > 0 && port < 65_536)) {
    console.log(help);
    return values.help ? 0 : 2;
  }
  const message = sampleMessage(sample, values.from, values.to, values.subject ?? sampleWords[sample]);
  const { host, from, to } = values;
  const outcome = await sendMessage({ host, port, from, to, message }, (line) => values.quiet || console.log(line));
  console.log(outcome.accepted ? `Accepted: ${outcome.reply}` : `Refused at ${outcome.stage}: ${outcome.reply}`);
  return outcome.accepted ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
