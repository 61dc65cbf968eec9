/** Who does something, as the audit log names them. `address` is null for what the product does by itself. */
export type Actor = { name: string; address: string | null };

/** The product itself: the first start, scheduled work. */
export const systemActor: Actor = { name: "Postern", address: null };
