import { z } from "zod";

const port = (standard: number) => z.coerce.number().int().min(1).max(65_535).default(standard);

const portsSchema = z.object({
  POSTERN_EXTERNAL_SMTP_PORT: port(2525),
  POSTERN_TRUSTED_SMTP_PORT: port(2526),
  POSTERN_EXTERNAL_POP3_PORT: port(2111),
  POSTERN_TRUSTED_POP3_PORT: port(2110),
  POSTERN_DEMO_SMTP_PORT: port(2600),
  POSTERN_DEMO_POP3_PORT: port(2601),
});

/** Where the demo programs find Postern and each other; the same variables as `npm start` (see .env.example). */
export function demoPorts(environment: NodeJS.ProcessEnv): z.infer<typeof portsSchema> {
  return portsSchema.parse(environment);
}
