import { foldAscii } from "#core/match/ascii-fold.ts";
import { addressReadings } from "#core/message/addresses.ts";
import { PublicError } from "#lib/errors.ts";
import type { QuarantineRow } from "./queries.ts";

/** The lists of the draft that senders go on; they are made when the first one does. */
export const senderLists = { allowed: "allowed senders", blocked: "blocked senders" } as const;

/** `added`: false: it stood there already. `used`: whether something in the draft asks for the list; without it does nothing. */
export type ListedSender = { address: string; list: string; added: boolean; used: boolean };

/** Who goes on a list: the envelope's sender; where there is none, the author that the message names. */
export function senderOf({ sender, from }: Pick<QuarantineRow, "sender" | "from">): string {
  const [author, ...others] = addressReadings(from ?? "");
  const hasSender = sender !== null && sender !== "";
  // As lists compare: a local part beyond ASCII is another one in small letters.
  const address = foldAscii((hasSender ? sender : author) ?? "");
  if (!/^[^\s@]+@[^\s@]+$/.test(address))
    throw new PublicError(
      "NO_SENDER",
      "Nothing was listed: the message names no sender that could go on a list. Add an address to the list by hand.",
    );
  if (!hasSender && others.length > 0)
    throw new PublicError(
      "NO_SENDER",
      "Nothing was listed: the message names several authors, and which one is meant cannot be told. Add an address to the list by hand.",
    );
  return address;
}
