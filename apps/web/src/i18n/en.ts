import { ERROR_TABLE } from "@reelstate/lifecycle";
import type { FileFlaw } from "@reelstate/api";
import type { StudioWords } from "./StudioWords.ts";

const EN_FILE_FLAWS = {
  too_large: "The file is larger than 20 MB. Save a smaller copy and add that.",
  empty: "The file is empty. Choose a PNG, JPEG or WebP picture.",
  heif: "HEIC and AVIF pictures cannot be read here. Export it as JPEG or PNG and add that.",
  not_a_picture: "This is not a picture the studio can read. Use a PNG, JPEG or WebP file.",
  too_many_pixels: "The picture has more than 50 megapixels. Make it smaller and add it again.",
  damaged: "The picture is damaged and cannot be read to the end. Save it again, or choose another one.",
  disk_full: "The studio's disk is full, so the picture was not kept. Whoever runs the studio can make room.",
  not_kept: "The studio could not keep the picture. Add it again.",
} as const satisfies Record<FileFlaw, string>;

export const EN = {
  locale: "en",
  studio: "Reelstate",
  common: {
    close: "Close",
    cancel: "Keep it",
    tryAgain: "Try again",
    copy: "Copy",
    copied: "Copied",
    loading: "Loading",
    more: "More",
    messages: "Messages",
  },
  type: { image: "Image", video: "Video" },
  providers: { local: "This studio", simulator: "Simulator" },
  views: {
    label: "Views",
    all: "All",
    images: "Images",
    videos: "Videos",
    failed: "Failed",
    menu: "Views and projects",
  },
  projects: {
    label: "Projects",
    everything: "Every project",
    create: "New project",
    name: "Name",
    namePlaceholder: "Winter film",
    createIt: "Create",
  },
  top: {
    search: "Search names and prompts",
    clearSearch: "Clear the search",
    filter: "Status",
    anyStatus: "Any status",
    queue: (running, waiting) => `Queue: ${running + waiting}, ${running} being made, ${waiting} waiting`,
    credits: (balance) => `Credits: ${balance}`,
    settings: "Models and settings",
    theme: "Theme",
    themes: { system: "As the system", light: "Light", dark: "Dark" },
    language: "Language",
    connecting: "Reconnecting",
    offline: (since) => `No connection since ${since}. What you see was true then; it catches up by itself.`,
    offlineShort: "Offline",
    trouble: {
      disk_full:
        "The studio's disk is full. What was made before is safe, new results cannot be kept; once there is room again, it goes on by itself.",
      storage_away:
        "The studio's storage cannot be reached. What was made before is safe but may not be shown, and new results wait to be kept; once it answers, all goes on by itself.",
    },
  },
  card: {
    name: (name, type, state) => `${name}, ${type.toLowerCase()}, ${state.toLowerCase()}`,
    actions: (name) => `Actions for ${name}`,
    elapsed: "Elapsed",
    copyPrompt: "Copy the prompt",
    useAsReference: "Use as reference",
    useSettings: "Start from this",
    download: "Download",
  },
  gallery: {
    label: "Library",
    loadFailed: "The library could not be loaded",
    loadFailedHint: "The studio did not answer. It may be starting again.",
    loadBrokeHint: "Something went wrong in the studio. Whoever runs it finds the reason in its log.",
    nothingFound: "Nothing matches",
    nothingFoundHint: "Try fewer words, or look in every project.",
    clearFilters: "Show everything",
    nothingHere: "Nothing here yet",
    nothingHereHint: "What you make in this project appears here.",
    welcome: "What should exist?",
    welcomeHint: "Describe a picture or a shot. It appears here at once, and you can watch it being made.",
    examples: [
      { type: "image", prompt: "A lighthouse in morning fog, seen from a small boat, quiet sea" },
      { type: "video", prompt: "Slow dolly through a bamboo forest at sunrise, mist between the stems" },
      { type: "image", prompt: "A night street in the rain, neon in the puddles, one red umbrella" },
    ],
    tryExample: "Use this prompt",
  },
  remove: {
    title: (name) => `Delete “${name}”?`,
    hint: "It leaves the library at once. Its versions and files go with it.",
    hintLive:
      "It leaves the library at once, and the work on it is stopped. Credits set aside for it come back unless the provider finishes first.",
    confirm: "Delete",
  },
  composer: {
    label: "Create",
    prompt: "Prompt",
    placeholder: { image: "Describe a picture", video: "Describe a shot, and how the camera moves" },
    kind: "Make",
    model: "Model",
    aspect: "Shape",
    length: "Length",
    seconds: (n) => `${n} s`,
    resolution: "Resolution",
    count: "How many",
    countOf: (n) => `${n} at once`,
    fewer: "One fewer",
    moreOf: "One more",
    seed: "Seed",
    seedPlaceholder: "Any",
    seedWrong: "A whole number from 0 to 4294967295",
    slate: "Slate",
    slateHint: "Caption and shot data on the picture",
    reference: "Reference pictures",
    addReference: "Add a reference picture",
    dropHere: "Drop a picture to use it as reference",
    noReference: "This model takes no reference picture",
    referenceLimit: (n) =>
      n === 1 ? "This model takes one reference picture" : `This model takes at most ${n} reference pictures`,
    removeReference: (name) => `Remove ${name}`,
    referenceGone: (name) => `${name} was deleted. Remove it, or choose another picture.`,
    referenceNotMade: (name) =>
      `${name} was not made, so it cannot be a reference. Remove it, or choose another picture.`,
    unnamedReference: "A reference picture",
    tooLarge: (name) => `${name} is larger than 20 MB. Save a smaller copy and add that.`,
    notAPicture: (name) => `${name} is not a PNG, JPEG or WebP picture. Convert it and add it again.`,
    uploadFailed: (name) => `${name} did not arrive. Check the connection and add it again.`,
    generate: "Generate",
    generating: "Sending",
    waitingForPicture: "Waiting for the picture",
    makeVersion: "Make this version",
    free: "Free",
    price: (n) => `${n} ${n === "1" ? "credit" : "credits"}`,
    pricing: "Working out the price",
    priceUnknown: "No price yet",
    left: (n) => `${n} left`,
    short: (n) => `${n} credits short. Ask for fewer or shorter ones, or choose another model.`,
    newVersionOf: (name) => `New version of ${name}`,
    backToNew: "Start something new instead",
    collapse: "Fold the composer",
    addProvider: "Add a provider …",
    noModels: "No models are loaded yet",
    noModelsOf: (type) => `No model makes ${type.toLowerCase()}s here`,
  },
  refusal: ({ why, field, flaw, short, budget, freeAt, quote, message }, number) => {
    switch (why) {
      case "invalid_input":
        // About a field the studio says what it must be.
        if (field === "file") return flaw === null ? message : EN_FILE_FLAWS[flaw];
        return `This can't be made as it is: ${message.replace(/\.$/, "")}.`;
      case "insufficient_credits":
        return short === null
          ? "There are not enough credits for this."
          : `${number(short)} credits are missing. Ask for fewer or shorter ones, or choose another model.`;
      case "budget_exceeded": {
        const beyond = `This is ${number(short ?? 0)} credits beyond the budget for ${budget === "month" ? "this month" : "today"}.`;
        if (freeAt === null) return `${beyond} Ask for fewer or shorter ones, or raise the budget in the settings.`;
        const wait = budget === "month" ? "Wait for the next month" : "Wait for the next day";
        return `${beyond} ${wait} (it begins at midnight UTC), or raise the budget in the settings.`;
      }
      case "not_found":
        return "It is no longer there. Someone may have deleted it.";
      case "busy":
        return "It is already being made.";
      case "already_ended":
        return "It had already ended.";
      case "idempotency_conflict":
        return "This was already sent with other settings. Press again to send it anew.";
      case "quote_changed":
        return quote === null
          ? "The price has changed. Look at it, then press again."
          : `The price is ${number(quote.total)} credits now. If that is fine, press again.`;
      case "not_allowed":
        return "That is not possible in its present state.";
      case "not_recoverable":
        return "There is nothing left at the provider to recover.";
      case "disk_full":
        return "The studio's disk is full, so nothing was started and nothing charged. Try again once there is room.";
      case "unavailable":
        return "The studio cannot write to its database at the moment; nothing was done. Try again in a while.";
    }
  },
  broke:
    "Something went wrong in the studio. Press again: it does not charge twice. If it goes on, whoever runs the studio finds the reason in its log.",
  unreachable:
    "The studio did not answer. If it took this, it appears here by itself; pressing again does not charge twice.",
  detail: {
    label: (name) => `Details of ${name}`,
    back: "Back to the library",
    previous: "Previous",
    next: "Next",
    notFound: "It is not here",
    notFoundHint: "It was deleted, or the address is not quite right.",
    toGallery: "To the library",
    prompt: "Prompt",
    parameters: "Settings",
    model: "Model",
    aspect: "Shape",
    size: "Pixels",
    fileSize: "File",
    length: "Length",
    seed: "Seed",
    resolution: "Resolution",
    charged: "Credits charged",
    held: "Credits set aside",
    created: "Asked for",
    id: "Id",
    references: "Made from",
    versions: "Versions",
    version: (n) => `Version ${n}`,
    current: "Current",
    viewing: (n) => `You are looking at version ${n}`,
    backToCurrent: "Show the current one",
    compare: "Side by side",
    stopComparing: "One at a time",
    timeline: "What happened",
    diagram: (path) => `The path this asset took: ${path}`,
    detailLabel: "Recorded message",
  },
  events: {
    create: "Asked for",
    upload: "Uploaded",
    ready: "Its reference is ready",
    reject: "Could not be started",
    claim: "Work began",
    progress: "Progress",
    complete: "Finished and saved",
    fail: "The try failed",
    lose: "The worker went silent",
    expire: "The time was up",
    hand_back: "Handed back as the studio stopped",
    mend: "Put right by a health check",
    cancel: "Cancel asked for",
    settle: "Stopped",
    retry: "Tried again",
    regenerate: "A new version was asked for",
    recover: "Looking for the paid result",
    delete: "Deleted",
  },
  eventTry: (n) => `try ${n}`,
  queue: {
    title: "Queue",
    live: "Under way",
    ended: "Ended lately",
    empty: "Nothing is under way",
    emptyHint: "Write a prompt and press Generate.",
    waitingCount: (n) => `${n} waiting`,
    none: "Nothing has ended yet",
  },
  credits: {
    title: "Credits",
    balance: "Balance",
    held: "Set aside",
    available: "Free to use",
    entries: "Ledger",
    empty: "No entries yet",
    more: "Show earlier entries",
    kind: { grant: "Granted", hold: "Set aside", capture: "Charged", release: "Given back" },
    deleted: "A deleted asset",
    howToAdd: "Credits are granted by whoever runs this studio. Local models are free.",
  },
  settings: {
    title: "Models and settings",
    models: "Models",
    from: (n) => `from ${n} ${n === "1" ? "credit" : "credits"}`,
    measured: "tells its progress",
    notMeasured: "tells no percentage",
    providers: "Providers",
    providersHint: "Who makes pictures and clips here: their keys, their models, and which come first.",
    budget: "Budget",
    budgetHint: "What may be spent in a day and a month, and what is.",
    health: "Health check",
    healthHint: "Looks through everything that is kept, and mends what can be mended.",
  },
  help: {
    title: "Keyboard",
    keys: [
      { keys: ["c"], does: "Write a prompt" },
      { keys: ["Ctrl", "Enter"], does: "Generate" },
      { keys: ["/"], does: "Search" },
      { keys: ["←", "→", "↑", "↓"], does: "Move between cards; in the details, to the previous and next" },
      { keys: ["Enter"], does: "Open" },
      { keys: ["Delete"], does: "Delete" },
      { keys: ["Esc"], does: "Back" },
      { keys: ["?"], does: "This list" },
    ],
  },
  notFound: { title: "There is nothing at this address", hint: "It may have been moved or mistyped." },
  broken: {
    title: "The page stumbled",
    hint: "Your work is safe in the studio. Load the page again.",
    reload: "Load again",
  },
  codes: (code) => ERROR_TABLE[code].words.en.title,
} as const satisfies StudioWords;
