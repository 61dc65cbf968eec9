"use client";
import { createContext, type ReactNode, useContext } from "react";

type SignedInUser = { id: string; name: string };

const SignedInContext = createContext<SignedInUser>({ id: "", name: "" });

/** Who is signed in. */
export function useSignedIn(): SignedInUser {
  return useContext(SignedInContext);
}

/** Stands once, in the console's layout. */
export function SignedIn({ user, children }: { user: SignedInUser; children: ReactNode }) {
  return <SignedInContext value={user}>{children}</SignedInContext>;
}
