import type { OpenElsewhere } from "#core/contract/presence.ts";
import { database } from "#lib/db.ts";
import { presenceMs } from "./mutations.ts";

const openMax = 200;

/** What other people have open. */
export async function openElsewhere(userId: string, now: Date): Promise<OpenElsewhere> {
  const open = await database().openEditor.findMany({
    where: { userId: { not: userId }, seenAt: { gte: new Date(now.getTime() - presenceMs) } },
    select: { object: true, userName: true },
    distinct: ["object", "userName"],
    orderBy: { userName: "asc" },
    take: openMax,
  });
  return { open: open.map(({ object, userName }) => ({ object, name: userName })) };
}
