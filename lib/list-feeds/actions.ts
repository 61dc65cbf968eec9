"use server";
import { z } from "zod";
import { defineLongAction } from "#lib/action.ts";
import { fetchNow } from "./watch-feeds.ts";

export const fetchFeedAction = defineLongAction({
  input: z.strictObject({ listName: z.string().max(100) }),
  permission: "edit",
  run: ({ listName }, actor) => fetchNow(actor, listName),
});
