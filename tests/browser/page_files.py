"""Which named addresses answer a GET with something else than a page."""

#: A part of a page, which htmx asks for.
PART = "text/html; charset=utf-8"
#: What answers a GET with something else than a page. What is posted only stands in `tests.page_lists.POSTED`.
FILES = {
    "session_status": "application/json",
    "ministries:file_download": "application/pdf",
    "ministries:record_export": "text/csv; charset=utf-8",
    "ministries:workbook_download": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ministries:submission_export": "text/csv; charset=utf-8",
    "ministries:overview_export": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "reports:document_status": PART,
    "reports:edition_files": PART,
    "reports:document_download": "application/pdf",
    "reports:edition_download": "application/pdf",
    "reports:report_schema": "application/schema+json",
}
