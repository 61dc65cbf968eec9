import { z } from "zod";

/** Our part of the session token. Times are milliseconds since 1970. */
export const tokenSchema = z.object({
  sub: z.uuid(),
  sid: z.uuid(),
  sessionVersion: z.number().int(),
  signedInAt: z.number().int(),
});
export type SessionToken = z.infer<typeof tokenSchema>;
