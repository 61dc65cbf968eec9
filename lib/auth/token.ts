import { z } from "zod";

/** Our part of the session token: whose it is, and which session. */
export const tokenSchema = z.object({ sub: z.uuid(), sid: z.uuid() });
export type SessionToken = z.infer<typeof tokenSchema>;
