import { z } from "zod";
import { routeSchema } from "#core/contract/policy-document.ts";

const version = z.number().int().positive();

export const addRouteSchema = routeSchema;
export type AddRoute = z.infer<typeof addRouteSchema>;

/** `version` is the one that the editor saw. */
export const editRouteSchema = z.strictObject({ routeId: z.uuid(), version, route: routeSchema });
export type EditRoute = z.infer<typeof editRouteSchema>;

export const deleteRouteSchema = z.strictObject({ routeId: z.uuid(), version });
export type DeleteRoute = z.infer<typeof deleteRouteSchema>;
