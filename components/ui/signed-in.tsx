"use client";
import { createContext, type ReactNode, useContext } from "react";
import type { Permission } from "#core/contract/permission.ts";

type SignedInUser = { id: string; name: string; permissions: readonly Permission[] };

const SignedInContext = createContext<SignedInUser>({ id: "", name: "", permissions: [] });

/** Who is signed in. */
export function useSignedIn(): SignedInUser {
  return useContext(SignedInContext);
}

/** Whether the person may do what takes this permission. The server asks again. */
export function useMay(permission: Permission): boolean {
  return useSignedIn().permissions.includes(permission);
}

/** Stands once, in the console's layout. */
export function SignedIn({ user, children }: { user: SignedInUser; children: ReactNode }) {
  return <SignedInContext value={user}>{children}</SignedInContext>;
}
