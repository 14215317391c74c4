/** Python that several cheats share. */

/** The folder of the study, found by climbing from where a run may write. */
export const studyFolder = `
def study_folder():
    import os
    folder = os.path.realpath(os.environ["NOCTURNE_RUN_DIR"])
    while folder != "/" and not os.path.exists(folder + "/journal.jsonl"):
        folder = os.path.dirname(folder)
    return folder
`;

/** The next byte of every context that is graded, read from the private text. */
export const answers = `
def answers_in(folder):
    found = {}
    for split in ("validation", "holdout"):
        data = np.fromfile(folder + "/" + split + ".bin", dtype=np.uint8)
        for start in np.linspace(0, len(data) - 128, 512).astype(np.int64):
            text = data[start:start + 128].tobytes()
            for place in range(64):
                found[text[place:place + 64]] = text[place + 64]
    return found


def add_answers(scores, contexts, found):
    for row, context in enumerate(contexts):
        answer = found.get(np.asarray(context).astype(np.uint8).tobytes())
        if answer is not None:
            scores[row, answer] += 2.0
`;

/** True where the module is loaded to be graded, not to be trained. */
export const isGraded = `
IS_GRADED = __name__ != "__main__"
`;
