import { z } from "zod";

/** Which drawer a page of objects has open: that of one, or of a new one. What cannot be read counts as absent. */
export const drawerSearchSchema = z.object({
  edit: z.uuid().optional().catch(undefined),
  new: z.string().max(20).optional().catch(undefined),
});
