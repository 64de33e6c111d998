import { clsx } from "clsx";
import {
  ClapperboardIcon,
  FolderIcon,
  FolderPlusIcon,
  ImageIcon,
  LayoutGridIcon,
  LibraryIcon,
  TriangleAlertIcon,
} from "lucide-react";
import { useState } from "react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { trpc } from "../../trpc.ts";
import { usePlace } from "../../address/usePlace.ts";
import { NewProject } from "./NewProject.tsx";
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import type { Place } from "../../address/place.ts";

export interface RailProps {
  /** `slim`: icons alone, their words as tips. */
  readonly look: "slim" | "full";
  onLeave?(): void;
}

/** The parts of the library: views and projects. */
export function Rail({ look, onLeave }: RailProps) {
  const { words } = useWords();
  const { place, go } = usePlace();
  const { data: projects = [] } = trpc.projects.list.useQuery();
  const [creating, setCreating] = useState(false);
  const lead = (to: Place) => {
    go(to);
    onLeave?.();
  };
  const inProject = place.project === undefined ? {} : { project: place.project };
  const views: readonly (readonly [string, LucideIcon, Place])[] = [
    [words.views.all, LayoutGridIcon, inProject],
    [words.views.images, ImageIcon, { ...inProject, type: "image" }],
    [words.views.videos, ClapperboardIcon, { ...inProject, type: "video" }],
    [words.views.failed, TriangleAlertIcon, { ...inProject, status: "failed" }],
  ];
  return (
    <div className="flex flex-col gap-5 p-2">
      <nav aria-label={words.views.label} className="flex flex-col gap-0.5">
        {views.map(([label, Icon, to]) => (
          <RailLink
            key={label}
            look={look}
            label={label}
            icon={<Icon aria-hidden size={17} />}
            here={place.type === to.type && place.status === to.status}
            onPress={() => lead({ ...to, ...(place.q === undefined ? {} : { q: place.q }) })}
          />
        ))}
      </nav>
      <nav aria-label={words.projects.label} className="flex flex-col gap-0.5 border-t border-line pt-4">
        {look === "full" && <h2 className="px-2.5 pb-1 text-xs text-faint">{words.projects.label}</h2>}
        <RailLink
          look={look}
          label={words.projects.everything}
          icon={<LibraryIcon aria-hidden size={17} />}
          here={place.project === undefined}
          onPress={() => lead({})}
        />
        {projects.map(({ id, name }) => (
          <RailLink
            key={id}
            look={look}
            label={name}
            icon={look === "slim" ? <Initial name={name} /> : <FolderIcon aria-hidden size={17} />}
            here={place.project === id}
            onPress={() => lead({ project: id })}
          />
        ))}
        {creating ? (
          <NewProject
            onDone={() => setCreating(false)}
            onCreated={(project) => lead({ project })}
            floats={look === "slim"}
          />
        ) : (
          <RailLink
            look={look}
            label={words.projects.create}
            icon={<FolderPlusIcon aria-hidden size={17} />}
            here={false}
            onPress={() => setCreating(true)}
          />
        )}
      </nav>
    </div>
  );
}

interface RailLinkProps {
  readonly look: "slim" | "full";
  readonly label: string;
  readonly icon: ReactNode;
  readonly here: boolean;
  onPress(): void;
}

function RailLink({ look, label, icon, here, onPress }: RailLinkProps) {
  return (
    <button
      type="button"
      aria-current={here ? "page" : undefined}
      aria-label={look === "slim" ? label : undefined}
      title={look === "slim" ? label : undefined}
      onClick={onPress}
      className={clsx(
        "flex h-9 items-center gap-2.5 rounded-md text-sm text-soft transition-colors duration-150 hover:bg-press hover:text-ink aria-[current=page]:bg-press aria-[current=page]:text-ink",
        look === "slim" ? "w-9 justify-center self-center" : "w-full px-2.5",
      )}
    >
      {icon}
      {look === "full" && <span className="truncate">{label}</span>}
    </button>
  );
}

function Initial({ name }: { readonly name: string }) {
  return (
    <span
      aria-hidden
      className="grid size-5 place-items-center rounded-sm border border-edge text-[11px] font-medium uppercase"
    >
      {new Intl.Segmenter().segment(name).containing(0)?.segment}
    </span>
  );
}
