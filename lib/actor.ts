/** Who does something, as the audit log names them. `address` is null for what the product does by itself. `machine`: a program, not a person. */
export type Actor = { name: string; address: string | null; machine?: true };

/** The product itself: the first start, scheduled work. */
export const systemActor: Actor = { name: "Postern", address: null, machine: true };
