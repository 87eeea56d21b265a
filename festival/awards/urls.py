from django.urls import path

from festival.awards.views import audience, audience_desk, laureates, notice, objections, papers

app_name = "awards"
DESK = "<slug:edition>/desk/objections/"
VOTE = "<slug:edition>/vote/<slug:slot>/"
AUDIENCE = "<slug:edition>/desk/audience/<slug:slot>/"
urlpatterns = [
    path("laureates/", laureates.archive, name="archive"),
    path("<slug:edition>/laureates/", laureates.laureates, name="laureates"),
    path("<slug:edition>/laureates/<slug:language>.rss", laureates.feed, name="feed"),
    path("<slug:edition>/notice/", notice.notice, name="notice"),
    path("<slug:edition>/notice/object/", notice.object_to, name="object"),
    path("<slug:edition>/notice/object/sent/", notice.object_sent, name="object_sent"),
    path("<slug:edition>/notice/link/<str:token>/", notice.link, name="objection_link"),
    path("<slug:edition>/notice/<str:code>/", notice.own, name="objection_own"),
    path("<slug:edition>/notice/<str:code>/confirm/", notice.confirm, name="objection_confirm"),
    path("<slug:edition>/notice/<str:code>/answer/", notice.answer, name="objection_answer"),
    path("verify/<str:code>/", papers.verify, name="verify"),
    path("verify/<str:code>/<str:form>", papers.paper, name="paper"),
    path("<slug:edition>/desk/certificates/", papers.papers, name="papers"),
    path("<slug:edition>/desk/certificates/all.zip", papers.papers_zip, name="papers_zip"),
    path(DESK, objections.objections, name="objections"),
    path(f"{DESK}rules/", objections.rules, name="objection_rules"),
    path(f"{DESK}<str:code>/", objections.objection, name="objection"),
    path(f"{DESK}<str:code>/note/", objections.note, name="objection_note"),
    path(f"{DESK}<str:code>/ask/", objections.ask, name="objection_ask"),
    path(f"{DESK}<str:code>/decide/", objections.decide, name="objection_decide"),
    path(f"{DESK}<str:code>/evidence/<int:pk>/", objections.evidence, name="evidence"),
    path("<slug:edition>/vote/", audience.polls, name="audience_votes"),
    path(VOTE, audience.vote, name="audience_vote"),
    path(f"{VOTE}code/", audience.code, name="audience_code"),
    path(f"{VOTE}code/<str:code>/", audience.link, name="audience_link"),
    path(f"{VOTE}mail/", audience.mail, name="audience_mail"),
    path(f"{VOTE}leave/", audience.leave, name="audience_leave"),
    path("<slug:edition>/desk/audience/", audience_desk.polls, name="audience_desk"),
    path(AUDIENCE, audience_desk.poll, name="audience_poll"),
    path(f"{AUDIENCE}settings/", audience_desk.settings, name="audience_settings"),
    path(f"{AUDIENCE}codes/", audience_desk.codes_make, name="audience_codes"),
    path(f"{AUDIENCE}codes/<int:number>/", audience_desk.codes_sheet, name="audience_sheet"),
    path(f"{AUDIENCE}codes/<int:number>.csv", audience_desk.codes_table, name="audience_table"),
    path(f"{AUDIENCE}count/", audience_desk.count, name="audience_count"),
    path(f"{AUDIENCE}aside/", audience_desk.aside, name="audience_aside"),
    path(f"{AUDIENCE}aside/<int:pk>/lift/", audience_desk.lift, name="audience_lift"),
    path(f"{AUDIENCE}settle/", audience_desk.settle, name="audience_settle"),
]
