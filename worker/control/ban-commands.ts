import { type BanCommandAnswer, banCommandRequestSchema } from "#core/contract/control-api.ts";
import type { SourceBans } from "../net/source-bans.ts";
import { type ControlAnswer, errorAnswer, shapeWords } from "./control-answer.ts";

/** Carries out a person's command on bans. A ban shorter than the one that stands changes nothing. */
export function commandBans(bans: Pick<SourceBans, "ban" | "lift">, body: unknown): ControlAnswer {
  const request = banCommandRequestSchema.safeParse(body);
  if (!request.success) return errorAnswer("bad-request", shapeWords(request.error));
  const order = request.data;
  const changed = order.addresses.filter((address) =>
    order.command === "lift"
      ? bans.lift(address)
      : bans.ban(address, { minutes: order.minutes, reason: order.reason, by: "person" }),
  );
  return { status: 200, body: { done: changed.length } satisfies BanCommandAnswer };
}
