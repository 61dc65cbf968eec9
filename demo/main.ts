import { demoPassword, startDemoMailServer } from "./mail-server.ts";
import { demoPorts } from "./ports.ts";

const ports = demoPorts(process.env);
const server = await startDemoMailServer({
  smtpPort: ports.POSTERN_DEMO_SMTP_PORT,
  pop3Port: ports.POSTERN_DEMO_POP3_PORT,
});
console.log(
  `demo mail server: SMTP 127.0.0.1:${server.smtpPort}, POP3 127.0.0.1:${server.pop3Port} (any user, password ${demoPassword})`,
);

async function stop(): Promise<void> {
  await server.stop();
  process.exit(0);
}
process.once("SIGINT", () => void stop());
process.once("SIGTERM", () => void stop());
