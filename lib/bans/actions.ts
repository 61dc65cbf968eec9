"use server";
import { newBanSchema } from "#core/contract/ban.ts";
import { defineLongAction } from "#lib/action.ts";
import { liftSchema } from "./ban-order.ts";
import { banAddress, liftBan } from "./mutations.ts";

/** Every worker is asked; the value has a result for each. */
export const banAddressAction = defineLongAction({ input: newBanSchema, permission: "operate", run: banAddress });

export const liftBanAction = defineLongAction({ input: liftSchema, permission: "operate", run: liftBan });
