import { useState } from "react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { trpc } from "../../trpc.ts";
import { Button } from "../../ui/Button.tsx";
import { say } from "../../ui/toasts.ts";
import { failureWords } from "../failureWords.ts";
import type { ProjectId } from "@reelstate/lifecycle";

export interface NewProjectProps {
  /** Beside a rail that is too slim for it. */
  readonly floats: boolean;
  onDone(): void;
  onCreated(project: ProjectId): void;
}

export function NewProject({ floats, onDone, onCreated }: NewProjectProps) {
  const { words } = useWords();
  const [name, setName] = useState("");
  const cache = trpc.useUtils();
  const { mutate: create, isPending } = trpc.projects.create.useMutation({
    onSuccess(project) {
      cache.projects.list.setData(undefined, (known = []) => [...known, project]);
      onDone();
      onCreated(project.id);
    },
    onError(error) {
      say(failureWords(error, words), "failed");
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") create({ name });
      }}
      className={
        floats
          ? "appears fixed left-15 z-40 flex w-64 gap-2 rounded-lg border border-line bg-raised p-2 shadow-float"
          : "flex flex-col gap-2 p-1"
      }
    >
      <input
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- it appears because a button asked for it
        autoFocus
        aria-label={words.projects.name}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          onDone();
        }}
        value={name}
        maxLength={120}
        placeholder={words.projects.namePlaceholder}
        onChange={({ target }) => setName(target.value)}
        className="h-9 min-w-0 flex-1 rounded-md border border-line bg-transparent px-2.5 text-sm placeholder:text-faint"
      />
      <Button type="submit" disabled={isPending || name.trim() === ""}>
        {words.projects.createIt}
      </Button>
    </form>
  );
}
