import { z } from "zod";
import { nameSchema } from "#core/contract/name.ts";
import { listSchema, smtpProxyActionSchema } from "#core/contract/policy-document.ts";
import { profileSchema } from "#core/contract/proxy-action-profile.ts";

export const addProxyActionSchema = z.strictObject({
  name: nameSchema,
  protocol: z.enum(["smtp", "pop3"]),
  direction: smtpProxyActionSchema.shape.direction,
});
export type AddProxyAction = z.infer<typeof addProxyActionSchema>;

/** `seen` is the digest of the profile that the editor began with: rules may change meanwhile, the profile not. */
export const editProfileSchema = z.strictObject({ proxyActionId: z.uuid(), seen: z.string(), profile: profileSchema });
export type EditProfile = z.infer<typeof editProfileSchema>;

export const cloneProxyActionSchema = z.strictObject({ proxyActionId: z.uuid(), name: nameSchema });
export type CloneProxyAction = z.infer<typeof cloneProxyActionSchema>;

export const deleteProxyActionSchema = z.strictObject({ proxyActionId: z.uuid() });
export type DeleteProxyAction = z.infer<typeof deleteProxyActionSchema>;

/** `lists` are those that the preset asks about and the draft may not have yet. */
export const addFromPresetSchema = z.strictObject({
  preset: z.string().max(100),
  name: nameSchema,
  lists: z.array(listSchema.pick({ name: true, entries: true })).max(20),
});
export type AddFromPreset = z.infer<typeof addFromPresetSchema>;
