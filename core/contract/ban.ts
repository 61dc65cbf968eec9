import { z } from "zod";

/** A source that is refused for a while. */
export const banSchema = z.strictObject({
  address: z.string().min(2).max(64),
  since: z.iso.datetime(),
  until: z.iso.datetime(),
  /** Why, in words: the rule, the limit, or what the person wrote. */
  reason: z.string().max(500),
  /** rule: an action `block`. limit: the proxy action's autoBan. person: somebody at the console. */
  by: z.enum(["rule", "limit", "person"]),
});
export type Ban = z.infer<typeof banSchema>;

/** Bans that a status names; `banCount` tells how many there are. */
export const bansReportedMax = 1_000;
export const banMinutesMax = 10_080;

/** What a person writes to have an address refused. */
export const newBanSchema = z.strictObject({
  address: z.union([z.ipv4(), z.ipv6()]),
  minutes: z.number().int().min(1).max(banMinutesMax).default(20),
  reason: z.string().trim().min(1).max(500),
});
export type NewBan = z.infer<typeof newBanSchema>;
