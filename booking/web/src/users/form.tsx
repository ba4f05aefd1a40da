import { useMutation } from "@tanstack/react-query";
import type { FormEvent, ReactNode } from "react";
import { asProblem, type Problem } from "../api/problem";
import { Notice } from "../ui/Card";
import { say } from "./words";

/** A short page around one form: a wide poster line above, the form below. */
export function FormPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="page max-w-md py-10 sm:py-16">
      <h1 className="poster mb-7 text-3xl">{title}</h1>
      {children}
    </div>
  );
}

export interface FormState {
  submit: (event: FormEvent<HTMLFormElement>) => void;
  isBusy: boolean;
  isDone: boolean;
  problem: Problem | null;
  /** What the server says of one field. */
  errorOf: (field: string) => string | undefined;
}

/** Sends a form's values once and keeps what the server answered. */
export function useForm(send: (value: (name: string) => string) => Promise<void>): FormState {
  const mutation = useMutation({
    mutationFn: (form: FormData) => send((name) => String(form.get(name) ?? "")),
  });
  const problem = mutation.isError ? asProblem(mutation.error) : null;
  return {
    submit: (event) => {
      event.preventDefault();
      mutation.mutate(new FormData(event.currentTarget));
    },
    isBusy: mutation.isPending,
    isDone: mutation.isSuccess,
    problem,
    errorOf: (field) => problem?.fields[field],
  };
}

/** The refusal as a whole, unless its fields already say it. */
export function FormProblem({ problem }: { problem: Problem | null }) {
  if (problem === null) return null;
  return (
    <Notice tone="bad" title={problem.title}>
      {Object.keys(problem.fields).length > 0 ? say("seeFields") : problem.detail}
    </Notice>
  );
}
