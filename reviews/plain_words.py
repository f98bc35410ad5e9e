"""Capitalised words that are nobody's name: of this work, of places and peoples, and those that begin a sentence."""


def words(text):
    return frozenset(text.split())


TITLES = words("mr mrs ms miss mx dr prof professor sir lady lord rev reverend pc dc ds di sgt")
# Before a name in small letters too: "her uncle Ravi", "social worker Okafor".
KINSHIP = words(
    """
    aunt auntie baby boyfriend brother cousin dad daddy daughter ex-partner father friend girlfriend godfather
    godmother grandad grandfather grandma grandmother granny husband mother mum mummy nan neighbour nephew niece
    partner sibling sister son stepbrother stepdad stepfather stepmother stepmum stepsister twin uncle wife
    """
)
PROFESSIONS = words(
    """
    carer childminder constable consultant coordinator detective doctor headteacher inspector manager mentor midwife
    nurse officer paediatrician practitioner psychiatrist psychologist registrar sergeant sister solicitor teacher
    visitor worker
    """
)
ADDRESSED = TITLES | KINSHIP | PROFESSIONS
PARTICLES = words("de da dos du van von der den bin binti ibn al el ul ud")
STREETS = words(
    """
    ave avenue close court crescent drive gardens grove hill lane ln mews place rd rise road row square st street
    terrace view walk way
    """
)
# What a body's name ends with: all of it is then a body's.
BODIES = words(
    """
    academy act agency alliance ambulance association authority barracks bill board borough center centre charity
    church city clinic club college commission commissioner committee company constabulary constituency council
    county court courts department directorate district federation forum foundation fund group hall home homes
    hospice hospital hospitals house hub infirmary inspectorate law institute library limited lodge ltd ministry mosque
    network nurseries nursery office panel partnership partnerships police practice prison programme project refuge
    regulations rules school schools service services society surgery team temple trust union unit university ward
    """
)
USUAL = BODIES | words(
    """
    a abuse abusive academy access accident accommodation act action actions activities activity acts adhd adoptive
    adult adults adverse advice adviser advisor advocacy advocate afghan afghanistan africa african age agencies
    agency aid air albania albanian alcohol alert alternative amber ambulance america american anglican annex annual
    appendix apr april arabic area armed army arrangements article asd asia asian assault assessment assessments
    assurance asylum attendance attention audit audits aug august aunt autism autistic autumn b babies baby
    background bame bangladesh bangladeshi bank barnardo's barnardo’s benefits bengali best birmingham black blue
    bodies body border boxing boy bradford brexit briefing briefings bristol britain british brother brown bruise
    bruises bruising buddhist bulgaria bulgarian business c cafcass cambridge camhs cantonese capacity capital care
    carer carers caribbean case cases category catholic cause ccg cctv cell central chair challenge chancellor
    channel chapter charity cheshire chief child child-death childhood childline children children's childrens
    children’s china chinese christian christmas chronology church cin citizens claire’s clare's clare’s code
    coercive community concern conference constable consultant contact control convention coordinator core cornwall
    coronavirus coroner coroner's coroner’s corporate county court cousin coventry covid covid-19 cp cqc credit
    crime crimestoppers crisis criteria cross cross-cutting crown curiosity cycle czech d dad dash data daughter day
    death deaths dec december decision decisions deficit delegated department deprivation deputy derby designated
    detective devon director directors disabilities disability discharge disclosure discussion discussions disorder
    diwali doctor doctors document domestic door dorset draft drug drugs duties duty e early east easter eastern
    educated education educational ehc ehcp eid elective electively emergency emotional encompass england english
    equality eritrea eritrean escalation essex ethiopian ethnic ethnicity europe european eve evidence excel
    exclusion executive exeter experience experiences exploitation f fabricated facebook families family father feb
    february fetal file filipino final findings fire first five foetal force forces form foster four fracture
    fractures framework france free french fri friday fridays front g general genogram german germany ghana ghanaian
    girl google government gp gps graded grandfather grandmother greater green group groups guardian guidance
    gujarati gypsy h hanukkah harm head heads headteacher health heard hearing help high hindi hindu hmicfrs hmip
    holiday home homelessness hospital hostel household housing hull human hyperactivity i icb ii iii illness
    immigration immobile implications incident independent india indian induced infancy infant information informed
    injuries injury inpatient inquest inspection inspections inspector instagram integrated intensive inter-agency
    interests interim internet interviewing iran iranian iraq iraqi ireland irish issues italian italy iv i’d i’m j
    jamaica jamaican jan january jehovah jewish joint judge jul july jun june junior justice k kent key kingdom
    knife kooth kurdish l lac lado lancashire language lanka latvian law lcspr lead leads learning leeds leicester
    lent lesson lessons lgbt lgbtq liberties liberty lincolnshire lines liquid liquidlogic lithuania lithuanian
    lived liverpool local lockdown logic london looked lordship lower lscb lscp m magistrate magistrates making man
    manager managers manchester mandarin manual mappa mar marac march marm mash maternity may meals meeting meetings
    members men's mental men’s microsoft midlands midwife midwifery midwives mind minister ministry minor minority
    minute missing misuse mixed mobile model modern mon monday mondays mortem mosaic mother motivational multi
    multi-agency mum muslim n named national navy need needs neglect neonatal nepalese new newcastle nhs nhse
    nigeria nigerian non-mobile norfolk north northern norwich notification nottingham nov november nspcc number
    nurse nursery nurses nursing o occupational oct october office officer officers ofsted on-call one online
    operation order orders organisation organisations orthodox outcome outcomes outline outpatient overview oxford p
    paediatric paediatrician pakistan pakistani pandemic panel papers paragraph parent parents partner partners
    partnership pathway pathways people performance perplexing person personal philippines physical plan planning
    plans plymouth point poland police policy polish portsmouth portugal portuguese post practice premium
    presentations prevent prevention primary priorities priority prison probation procedure procedures proceedings
    process professional profile prosecution protection protocol provision prvent psychiatrist psychiatry
    psychological psychologist psychology public published punjabi pupil q quality r radicalisation rag ramadan rape
    rapid reception recommendation recommendations record records recovery red reference referral referrals refuge
    refugee regulation regulations relate report reports representative representatives rescue resolution resource
    resources restorative review reviews right rights river roma romania romanian romany royal russia russian s s17
    s20 s47 sab safeguarding safeguards safer safety saint salvation samaritans sar sarah’s sat saturday saturdays
    scheme school scotland scottish scp scr scrutineer scrutiny search secondary secretary section sector seeker
    seekers self-harm self-neglect sen send senior sep sept september sergeant serious service settings sexual
    shaken shared sharing sheffield shelter sibling siblings sids signs sikh single sister six sixth skype slavery
    sleep sleeping slovak snapchat social somali somalia somerset son south southampton southern spain spanish
    special spectrum speech spring sri srn st stage state statutory stepfather stepmother stop strand strategy
    strengthening sub-group subgroup subject substance sudan sudanese sudden sudi suffolk suicide summaries summary
    summer sun sunday sundays superintendent supervision support surrey sussex sylheti syndrome syria syrian system
    systm t tamil targeted teacher teachers teams terms therapist therapy think three threshold thresholds thu thurs
    thursday thursdays tiktok timeline timescale together tool toolkit toxic trafficking trauma traveller travellers
    trio tue tues tuesday tuesdays turkey turkish twin two u uk ukraine ukrainian unaccompanied uncle unexpected
    unit united universal upper urdu urgent v vice victim video vietnam vietnamese violence visiting visitor
    visitors voice voluntary w wales walk-in ward wed wednesday wednesdays welsh welsh-speaking west western
    whatsapp white whole winter witness witnesses woman women's women’s word worker workers working worn x y year
    york yorkshire young youth youths youtube z zoom
    """
)
# With a capital because a sentence begins: never the first half of a name.
BEGINNINGS = words(
    """
    a about above according across add after afterwards again against agencies agency all allegations almost along
    already also although always among an and another any anyone appears are around as ask asked at attempts
    attendance aware be because been before being below better between beyond both but by calls can cannot care
    cases checks clear communication concern concerns consider contact could current day days dear deputy despite
    did discussion do does due during each earlier early either enquiries enquiry equally even events ever every
    everyone evidence examples except few finally findings first five following for former four from full further
    given good had has have having he hello help hence her here hers herself him his history how however i if
    immediate important improve in indeed initial injuries instead into is issues it its itself just key last late
    later learning least less let letters like little long made main many may meanwhile medical members might missed
    month months more moreover most much must my near nearly neither never nevertheless new next no nobody none nor
    not note notes nothing notice now number of off often on once one only onto opportunities or other others
    otherwise our out over overall own parents part past people per perhaps plans please police poor possible
    practice practitioners present previous previously prior professionals question questions rather records reports
    requests review reviews risk same school second see seen services seven several she shortly should similarly
    since six so some someone something soon staff steps still strengths strong such support ten than thank thanks
    that the their them then there thereafter therefore these they thirdly this those though three through
    throughout thus to today together told tomorrow too towards two under unfortunately unless until up upon us use
    used usually various very via visits was we week weeks well were what whatever when whenever where whereas
    whether which while who whoever whole whom whose why will with within without work would write year years yes
    yesterday yet you your
    """
)
