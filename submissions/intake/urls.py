"""Addresses of the upload protocol."""

from django.urls import path

from submissions.views import uploads

urlpatterns = [
    path("uploads/", uploads.create, name="upload_create"),
    path("uploads/preflight/", uploads.preflight, name="upload_preflight"),
    path("uploads/awaiting/", uploads.awaiting, name="upload_awaiting"),
    path("uploads/program/", uploads.program, name="upload_help"),
    path("uploads/program/firstlight_upload.py", uploads.program_file, name="upload_program"),
    path("uploads/form/", uploads.form, name="upload_form"),
    path("uploads/<uuid:upload>/", uploads.show, name="upload_list"),
    path("uploads/<uuid:upload>/sign/", uploads.sign, name="upload_sign"),
    path("uploads/<uuid:upload>/parts/<int:number>/", uploads.part, name="upload_part"),
    path("uploads/<uuid:upload>/complete/", uploads.complete, name="upload_complete"),
    path("uploads/<uuid:upload>/abort/", uploads.abort, name="upload_abort"),
]
