import { z } from "zod";

const jsonObject = z.record(z.string(), z.json());
const jsonArray = z.array(z.json());

/** A parsed object as a JSON column takes it: keys whose value is undefined are left out. */
export function jsonObjectColumn(value: unknown): z.infer<typeof jsonObject> {
  return jsonObject.parse(JSON.parse(JSON.stringify(value)));
}

/** The same for an array. */
export function jsonArrayColumn(value: readonly unknown[]): z.infer<typeof jsonArray> {
  return jsonArray.parse(JSON.parse(JSON.stringify(value)));
}
