"""Which addresses are what: open to everybody, posted only, read on record, read without a role."""

#: The pages that are open to everybody. Whoever adds one here has thought about it. Editions are
#: open once they are published; none of the walked world is.
PUBLIC = {
    "accessibility",
    *(f"account_{each}" for each in ("login", "logout", "signup", "inactive")),
    *(f"account_reset_password{each}" for each in ("", "_done", "_from_key", "_from_key_done")),
    "session_status",
    "policy_report",
    "reports:report_schema",
}
#: What everybody reads once it was published. Until then it leads to the sign-in, and nothing can be posted there.
PUBLISHED = {*(f"reports:edition_{each}" for each in ("list", "detail", "changes", "download"))}
#: What is posted only: a GET answers 405.
POSTED = {
    "session_extend",
    "policy_report",
    *(f"ministries:submission_{each}" for each in ("autosave", "step", "extend")),
    *(f"reports:{each}_autosave" for each in ("workshop", "best_case")),
    "ministries:round_reopen",
    *(f"ministries:comment_{each}" for each in ("resolve", "open", "widen")),
    "ministries:person_invite_again",
    "ministries:person_activate",
    *(f"ministries:{each}" for each in ("evidence_put_in", "workbook_discard", "notice_read", "notice_read_all")),
    "ministries:extension_withdraw",
    *(f"reports:edition_{each}" for each in ("publish", "outcome", "retry")),
}
#: What somebody reads who is signed in and holds no role today: the own account, the help, and why nothing is there.
WITHOUT_ROLE = {"home", "help", "help_guide", "session", "gallery", "gallery_modal"}
WITHOUT_ROLE |= {f"account_{each}" for each in ("change_password", "details", "reauthenticate")}
#: What is read on record: each reading writes an event, and nothing else.
RECORDED = {"ministries:file_download", "ministries:workbook_download", "reports:document_download"}
RECORDED |= {"reports:edition_download"}
RECORDED |= {"ministries:overview_export", "ministries:submission_export", "ministries:record_export"}
